"""OpenTelemetry's own exporters of Python, over HTTP and gRPC, each plain and with gzip; as client.mjs beside it."""

import json
import logging
import sys
import threading
import time

import grpc
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.version import __version__

task = json.loads(sys.argv[1])
logging.disable(logging.CRITICAL)
printing = threading.Lock()


def say(line):
    with printing:
        print(json.dumps(line), flush=True)


def spans_of():
    memory = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(memory))
    tracer = provider.get_tracer("interop")
    messages = [{"role": "user", "parts": [{"type": "text", "content": "x" * 2000}]}]
    for _ in range(task["perBatch"]):
        tracer.start_span(
            "chat gpt-4o",
            attributes={
                "gen_ai.operation.name": "chat",
                "gen_ai.provider.name": "openai",
                "gen_ai.request.model": "gpt-4o",
                "gen_ai.usage.input_tokens": 12,
                "gen_ai.input.messages": json.dumps(messages),
            },
        ).end()
    return memory.get_finished_spans()


def exporter_of(protocol, compression):
    if protocol == "grpc":
        kind = grpc.Compression.Gzip if compression == "gzip" else grpc.Compression.NoCompression
        return GrpcExporter(endpoint=f"http://127.0.0.1:{task['grpc']}", insecure=True, compression=kind)
    kind = Compression.Gzip if compression == "gzip" else Compression.NoCompression
    return HttpExporter(endpoint=f"http://127.0.0.1:{task['http']}/v1/traces", compression=kind)


def run(protocol, compression):
    exporter = exporter_of(protocol, compression)
    for _ in range(task["batches"]):
        spans = spans_of()
        error = None
        try:
            ok = exporter.export(spans) is SpanExportResult.SUCCESS
        except Exception as raised:  # some versions raise instead of failing
            ok, error = False, str(raised)[:120]
        ids = [format(span.context.span_id, "016x") for span in spans]
        name = f"python {__version__} {protocol}"
        say({"client": name, "compression": compression, "ok": ok, "error": error, "spanIds": ids})
        time.sleep(task["pauseMs"] / 1000)


threads = [
    threading.Thread(target=run, args=(protocol, compression))
    for protocol in ("http", "grpc")
    for compression in ("none", "gzip")
]
say({"ready": True})
sys.stdin.readline()
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
