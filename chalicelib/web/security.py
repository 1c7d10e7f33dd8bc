"""Headers of the OWASP Secure Headers project, and the strict content security policy."""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "media-src 'self' blob:; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)

# The worker that reads QR codes is WebAssembly, which nothing else here may be. A worker obeys the
# policy of its own answer, so this one goes with the files below DECODER_PATH alone: CloudFront
# sends it (infra/front.yaml), on a laptop local/static_files.py.
DECODER_PATH = "/static/staff/decoder/"
DECODER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"

COMMON_HEADERS: dict[str, str | list[str]] = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=()",
}

JSON_HEADERS: dict[str, str | list[str]] = COMMON_HEADERS | {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}

PAGE_HEADERS: dict[str, str | list[str]] = COMMON_HEADERS | {
    "Cache-Control": "no-store",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Content-Type": "text/html; charset=utf-8",
}

# A worker obeys the policy of its own answer. It may serve the scanner without its last slash too.
WORKER_HEADERS: dict[str, str | list[str]] = COMMON_HEADERS | {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'",
    "Content-Type": "text/javascript; charset=utf-8",
    "Service-Worker-Allowed": "/staff",
}
