// OpenTelemetry's own exporters of Go, over HTTP and gRPC, each plain and with gzip; as client.mjs beside it.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

type task struct {
	HTTP     int `json:"http"`
	GRPC     int `json:"grpc"`
	Batches  int `json:"batches"`
	PerBatch int `json:"perBatch"`
	PauseMs  int `json:"pauseMs"`
}

type line struct {
	Client      string   `json:"client"`
	Compression string   `json:"compression"`
	OK          bool     `json:"ok"`
	Error       string   `json:"error,omitempty"`
	SpanIDs     []string `json:"spanIds"`
}

var printing sync.Mutex

func say(value any) {
	text, _ := json.Marshal(value)
	printing.Lock()
	defer printing.Unlock()
	fmt.Println(string(text))
}

func spansOf(count int) []trace.ReadOnlySpan {
	recorder := tracetest.NewSpanRecorder()
	tracer := trace.NewTracerProvider(trace.WithSpanProcessor(recorder)).Tracer("interop")
	messages, _ := json.Marshal([]any{map[string]any{"role": "user", "parts": []any{
		map[string]string{"type": "text", "content": strings.Repeat("x", 2000)},
	}}})
	for range count {
		_, span := tracer.Start(context.Background(), "chat gpt-4o")
		span.SetAttributes(
			attribute.String("gen_ai.operation.name", "chat"),
			attribute.String("gen_ai.provider.name", "openai"),
			attribute.String("gen_ai.request.model", "gpt-4o"),
			attribute.Int("gen_ai.usage.input_tokens", 12),
			attribute.String("gen_ai.input.messages", string(messages)),
		)
		span.End()
	}
	return recorder.Ended()
}

func exporterOf(given task, protocol, compression string) (*otlptrace.Exporter, error) {
	ctx := context.Background()
	if protocol == "grpc" {
		options := []otlptracegrpc.Option{
			otlptracegrpc.WithInsecure(), otlptracegrpc.WithEndpoint(fmt.Sprintf("127.0.0.1:%d", given.GRPC)),
		}
		if compression == "gzip" {
			options = append(options, otlptracegrpc.WithCompressor("gzip"))
		}
		return otlptracegrpc.New(ctx, options...)
	}
	options := []otlptracehttp.Option{
		otlptracehttp.WithInsecure(), otlptracehttp.WithEndpoint(fmt.Sprintf("127.0.0.1:%d", given.HTTP)),
	}
	if compression == "gzip" {
		options = append(options, otlptracehttp.WithCompression(otlptracehttp.GzipCompression))
	}
	return otlptracehttp.New(ctx, options...)
}

func run(given task, protocol, compression string) {
	exporter, err := exporterOf(given, protocol, compression)
	if err != nil {
		panic(err)
	}
	for range given.Batches {
		spans := spansOf(given.PerBatch)
		ctx, cancel := context.WithTimeout(context.Background(), 70*time.Second)
		err := exporter.ExportSpans(ctx, spans)
		cancel()
		out := line{Client: "go " + otel.Version() + " " + protocol, Compression: compression, OK: err == nil}
		if err != nil {
			out.Error = err.Error()[:min(120, len(err.Error()))]
		}
		for _, span := range spans {
			out.SpanIDs = append(out.SpanIDs, span.SpanContext().SpanID().String())
		}
		say(out)
		time.Sleep(time.Duration(given.PauseMs) * time.Millisecond)
	}
}

func main() {
	var given task
	if err := json.Unmarshal([]byte(os.Args[1]), &given); err != nil {
		panic(err)
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(error) {}))
	say(map[string]bool{"ready": true})
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
	var all sync.WaitGroup
	for _, protocol := range []string{"http", "grpc"} {
		for _, compression := range []string{"none", "gzip"} {
			all.Go(func() { run(given, protocol, compression) })
		}
	}
	all.Wait()
}
