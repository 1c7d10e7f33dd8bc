// What the worker uses of zxing-wasm, which the asset step puts here.

export interface Found {
  text: string;
  isValid: boolean;
}

export function prepareZXingModule(options: {
  overrides: { locateFile: (path: string) => string };
  fireImmediately: true;
}): Promise<unknown>;

export function readBarcodes(
  picture: { data: Uint8ClampedArray; width: number; height: number },
  options: {
    formats: string[];
    tryHarder: boolean;
    tryInvert: boolean;
    tryRotate: boolean;
    tryDownscale: boolean;
    maxNumberOfSymbols: number;
  },
): Promise<Found[]>;
