# docker build -t jiaokan . && docker run --rm -p 127.0.0.1:8000:8000 jiaokan
#
# `make lint` checks this file, and `make image-rehearsal` carries out its steps without a container engine.

# Debian by date and digest, as the Docker library publishes them, with Debian's own Python: the one that .ci/run tests
# on, which gets security fixes for as long as Debian 12 does, and 11 MB less than python:3.11-slim-bookworm.
FROM debian:bookworm-20260824-slim@sha256:88200866dfff7ea7f5cbcb6ec7c8a701889efe6fe859fe64d6990e4b07ea4171 AS python
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3.11=3.11.2-* \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/apt /var/log/dpkg.log


FROM python AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends binutils=2.40-* python3.11-venv=3.11.2-* \
    && rm -rf /var/lib/apt/lists/*
# /opt/jiaokan is what is shipped, without pip and what image/without.txt lists; /opt/tools makes it.
RUN python3.11 -m venv /opt/tools && python3.11 -m venv --without-pip /opt/jiaokan
WORKDIR /source
COPY image/build.lock image/requirements.lock image/
RUN /opt/tools/bin/pip install --no-cache-dir --require-hashes --only-binary :all: --requirement image/build.lock \
    && /opt/tools/bin/pip --python /opt/jiaokan/bin/python install --no-cache-dir --no-compile \
        --require-hashes --only-binary :all: --requirement image/requirements.lock
COPY pyproject.toml README.md LICENSE LICENSE.LGPL-2.1 NOTICE ./
COPY service service
RUN /opt/tools/bin/pip wheel --no-cache-dir --no-index --no-deps --no-build-isolation --check-build-dependencies \
        --wheel-dir /wheel . \
    && /opt/tools/bin/pip --python /opt/jiaokan/bin/python install --no-cache-dir --no-compile \
        --no-index --no-deps /wheel/*.whl
# What a service never opens: tests, headers, stubs, static libraries, OpenCC's programs, and the symbols of extension
# modules. numpy.libs must not be stripped: it would not load again.
WORKDIR /opt/jiaokan/lib/python3.11/site-packages
RUN find . -depth -type d \( -name tests -o -name include \) -exec rm -r {} + \
    && find . -type f \( -name '*.pyi' -o -name '*.pxd' -o -name '*.a' \) -delete \
    && rm -rf opencc/clib/bin numpy/f2py \
    && find . -name '*.so' -not -path './numpy.libs/*' -exec strip --strip-unneeded {} +
# One repair shows that what is left works, and leaves the bytecode of what a service loads: the root file system is
# read-only later, and every start would compile it again.
RUN ["/opt/jiaokan/bin/python", "-c", \
    "import jiaokan, jiaokan.web.server, jiaokan.web.tables; assert jiaokan.repair('現(xiàn)代').text == '现代'"]


FROM python
COPY --from=build /opt/jiaokan /opt/jiaokan
# One thread for the arithmetic of numpy, which the language model uses for sums and look-ups only.
ENV PATH=/opt/jiaokan/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    OPENBLAS_NUM_THREADS=1 \
    JIAOKAN_HOST=0.0.0.0 \
    JIAOKAN_PORT=8000
USER 10001:10001
WORKDIR /tmp
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["jiaokan", "health"]
CMD ["jiaokan", "serve"]
