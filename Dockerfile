# The emulator alone: one static binary in an empty image.
FROM rust:1.95-slim AS build
ARG TARGETARCH
WORKDIR /src
COPY Cargo.toml Cargo.lock build.rs ./
COPY schema schema
COPY seeds seeds
COPY src src
COPY benches benches
COPY tests/clients.rs tests/clients.rs
# Naming the target keeps the flag away from build scripts and macros, which can't be static.
RUN case "${TARGETARCH:-$(uname -m)}" in amd64|x86_64) arch=x86_64 ;; arm64|aarch64) arch=aarch64 ;; *) exit 1 ;; esac \
    && RUSTFLAGS="-C target-feature=+crt-static" cargo build --release --locked --bin healthie-mock --target "$arch-unknown-linux-gnu" \
    && cp "target/$arch-unknown-linux-gnu/release/healthie-mock" /healthie-mock

FROM scratch
COPY --from=build /healthie-mock /healthie-mock
USER 65532:65532
ENV HEALTHIE_MOCK_LISTEN=0.0.0.0:4010
EXPOSE 4010
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 CMD ["/healthie-mock", "healthcheck"]
ENTRYPOINT ["/healthie-mock"]
