"""The one sync loop: deeds up, records down, pages both ways; enrolment and sign-in at the district."""

import os

# grpcio reads these when it is first imported: the c-ares resolver and fork support hurt a desktop program.
os.environ.setdefault("GRPC_DNS_RESOLVER", "native")
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
