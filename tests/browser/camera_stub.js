// A camera that films what a test holds before it, and can be taken away, refused or lit.
(() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1280, height: 720 });
  const context = canvas.getContext("2d");
  let picture = null;
  const stub = { asked: [], lit: [], fails: "", track: null, cameras: ["rear", "front"] };
  const paint = () => {
    context.fillStyle = "#777";
    context.fillRect(0, 0, 1280, 720);
    if (picture) context.drawImage(picture, 0, 0);
    context.fillStyle = `hsl(${performance.now() / 20} 50% 50%)`; // no two pictures are the same
    context.fillRect(0, 0, 8, 8);
  };
  const opened = (wish) => {
    const stream = canvas.captureStream(20);
    const [track] = stream.getVideoTracks();
    const id = wish.video.deviceId?.exact ?? "rear";
    track.getSettings = () => ({ deviceId: id });
    track.getCapabilities = () => ({ torch: id === "rear" });
    track.applyConstraints = async ({ advanced: [{ torch }] }) => void stub.lit.push(torch);
    stub.track = track;
    return stream;
  };
  stub.show = async (url) => {
    picture = null;
    if (!url) return;
    const image = new Image();
    image.src = url;
    await image.decode();
    picture = image;
  };
  const devices = {
    getUserMedia: async (wish) => {
      stub.asked.push(wish.video);
      document.documentElement.dataset.asked = stub.asked.length;
      if (stub.fails) throw new DOMException("stubbed", stub.fails);
      return opened(wish);
    },
    enumerateDevices: async () =>
      stub.cameras.map((deviceId) => ({ kind: "videoinput", deviceId, label: `The ${deviceId} one` })),
  };
  Object.defineProperty(navigator, "mediaDevices", { value: devices });
  const lock = (word) => void (document.documentElement.dataset.lock = word);
  const request = async (kind) => (lock(kind), { release: async () => lock("released") });
  Object.defineProperty(navigator, "wakeLock", { value: { request } });
  setInterval(paint, 50);
  window.stub = stub;
})();
