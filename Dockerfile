# One image for every process; docker-compose.yml says which command each runs.
ARG NODE_IMAGE=node:20-bookworm-slim
FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages packages
COPY services services
COPY controllers controllers
COPY simulators simulators
COPY cli cli
COPY bench bench
COPY tests tests
COPY web web
COPY proto proto
COPY tsconfig.json tsconfig.base.json ./
RUN npm install --no-save --no-audit --no-fund --loglevel=error \
 && npx tsc -b \
 && npm run --silent build -w web \
 && npm prune --omit=dev --no-audit --no-fund --loglevel=error

FROM ${NODE_IMAGE}
WORKDIR /app
ENV NODE_ENV=production
COPY --from=build /app /app
COPY scenarios scenarios
# Volumes mounted here belong to whoever runs the processes.
RUN mkdir -p /run/songxanh && chown node:node /run/songxanh
USER node
ENTRYPOINT ["node", "cli/bin/songxanh.js"]
CMD ["--help"]
