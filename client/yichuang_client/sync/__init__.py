"""The one sync loop: deeds up, records down, pages both ways; enrolment and sign-in at the district."""

import os

# grpcio reads these when it is first imported: the c-ares resolver and fork support hurt a desktop program.
os.environ.setdefault("GRPC_DNS_RESOLVER", "native")
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
# Of TLS 1.2 only what the district's doors take, whatever the environment says; the suites of TLS 1.3 are all AEAD.
os.environ["GRPC_SSL_CIPHER_SUITES"] = (
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305"
)
