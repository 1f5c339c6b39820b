# Misread for strangers: small, without root, and with nothing to write to but /tmp.
#   docker build -t misread . && docker run --rm -p 8501:8501 --read-only --tmpfs /tmp misread
FROM python:3.12-slim

# Keras, Streamlit and the checks of uploaded models write only below HOME and the temporary folder.
ENV HOME=/tmp \
    KERAS_HOME=/tmp/keras \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    TF_CPP_MIN_LOG_LEVEL=2

WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin misread

COPY .streamlit .streamlit
COPY app.py ./
COPY pages pages
COPY lib lib
COPY models models
COPY sample_images sample_images

USER misread
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=8501", "--server.fileWatcherType=none"]
