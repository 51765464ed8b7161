# docker build -t jiaokan . && docker run --rm -p 8000:8000 jiaokan

FROM python:3.11-slim AS build
WORKDIR /source
RUN pip install --no-cache-dir build
COPY pyproject.toml README.md LICENSE LICENSE.LGPL-2.1 NOTICE ./
COPY service service
RUN python -m build --wheel --outdir /wheel

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1
COPY --from=build /wheel /wheel
RUN pip install --no-cache-dir /wheel/*.whl && rm -r /wheel && useradd --system --no-create-home jiaokan
USER jiaokan
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["jiaokan", "serve", "--host", "0.0.0.0", "--port", "8000"]
