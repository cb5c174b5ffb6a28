# omashu as an image: `docker build -t omashu .`, then `docker run omashu --help`. It runs as nobody and keeps what it
# keeps in /var/lib/omashu. compose.yaml has a whole platform of it.

FROM debian:12 AS build
WORKDIR /omashu
COPY scripts scripts
RUN scripts/install-deps
COPY CMakeLists.txt CMakePresets.json ./
COPY bench bench
COPY cmake cmake
COPY include include
COPY src src
COPY web web
RUN cmake --preset release -DOMASHU_TESTS=OFF && cmake --build --preset release --target omashu && strip build/release/omashu

FROM debian:12-slim
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates curl libcurl4 libfmt9 liblz4-1 libpq5 libsasl2-2 libsasl2-modules libsnappy1v5 libssl3 libzstd1 zlib1g \
  && rm -rf /var/lib/apt/lists/* \
  && install -d -o nobody -g nogroup /var/lib/omashu
COPY --from=build /omashu/build/release/omashu /usr/local/bin/omashu
RUN ln -s omashu /usr/local/bin/init-kafka
# nobody, as a number, by which orchestrators see that it is not root.
USER 65534:65534
WORKDIR /var/lib/omashu
VOLUME /var/lib/omashu
# 9092: Kafka of `omashu up`. 8081: the schema registry. 8080: tables over HTTP.
EXPOSE 8080 8081 9092
ENV HEALTH_URL=http://127.0.0.1:8080/healthz
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=6 CMD ["sh", "-c", "curl -fsS -o /dev/null \"$HEALTH_URL\""]
ENTRYPOINT ["omashu"]
CMD ["up", "--data", "/var/lib/omashu"]
