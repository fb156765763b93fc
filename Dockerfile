# Plimsoll in an image made from nothing: the program, the public certificates and an empty folder for its data.
#   docker build -t plimsoll .

FROM node:20-bookworm-slim AS node

FROM rust:1.95-bookworm AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /plimsoll
# the tools in a layer of their own: they change seldom and take longest
COPY rust-toolchain.toml Cargo.toml ./
COPY src/client/Cargo.toml src/client/
COPY scripts scripts
RUN scripts/prerequisites && scripts/wasm-target && scripts/tools
COPY . .
RUN scripts/build-static && install -d -o 65532 -g 65532 /empty/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build --chown=65532:65532 /empty/data /data
COPY --from=build /plimsoll/target/static/plimsoll /plimsoll
ENV PLIMSOLL_DATA_DIR=/data
WORKDIR /data
VOLUME /data
EXPOSE 8099
# Nobody in particular. To read the Docker socket: --group-add "$(stat -c %g /var/run/docker.sock)"
USER 65532:65532
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["/plimsoll", "healthcheck"]
ENTRYPOINT ["/plimsoll"]
CMD ["serve"]
