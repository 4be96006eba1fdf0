"""The wire: servicers that translate, and who may call them."""

import os

TLS_12_SUITES = (
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
)
"""Forward secret and AEAD, by the P-256 keys of the district's own certificates; those of TLS 1.3 are all AEAD."""

# grpcio reads these once, when it is first imported. The suites are ours whatever the environment says.
os.environ.setdefault("GRPC_DNS_RESOLVER", "native")
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
os.environ["GRPC_SSL_CIPHER_SUITES"] = ":".join(TLS_12_SUITES)
