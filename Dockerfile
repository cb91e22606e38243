FROM python:3.11-slim AS build
WORKDIR /app
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot bot
COPY flywheel flywheel
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir -c constraints.txt torch \
    && /venv/bin/pip install --no-cache-dir -c constraints.txt . \
    && HOME=/app /venv/bin/python -c "from flywheel.gateways.encoder import open_encoder; open_encoder()"

FROM python:3.11-slim
RUN apt-get update && apt-get install -y --no-install-recommends git libgomp1 && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home --home-dir /home/flywheel flywheel && mkdir /data && chown flywheel /data
COPY --from=build /venv /venv
COPY --from=build --chown=flywheel /app/.cache /home/flywheel/.cache
USER flywheel
ENV FLYWHEEL_HOME=/data HOST=0.0.0.0 PORT=3000
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --start-period=30s CMD ["/venv/bin/python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/healthz')"]
ENTRYPOINT ["/venv/bin/flywheel"]
CMD ["run"]
