import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogManager;

/** OpenTelemetry's own exporters of Java, over HTTP and gRPC, each plain and with gzip; as client.mjs beside it. */
public class Client {
  private static final Gson GSON = new Gson();

  public static void main(String[] args) throws Exception {
    LogManager.getLogManager().reset();
    JsonObject task = JsonParser.parseString(args[0]).getAsJsonObject();
    System.out.println("{\"ready\":true}");
    System.in.read();
    List<Thread> threads = new ArrayList<>();
    for (String protocol : List.of("http", "grpc")) {
      for (String compression : List.of("none", "gzip")) {
        Thread thread = new Thread(() -> run(task, protocol, compression));
        thread.start();
        threads.add(thread);
      }
    }
    for (Thread thread : threads) thread.join();
    System.exit(0);
  }

  private static void run(JsonObject task, String protocol, String compression) {
    SpanExporter exporter = exporterOf(task, protocol, compression);
    for (int batch = 0; batch < task.get("batches").getAsInt(); batch++) {
      List<SpanData> spans = spansOf(task.get("perBatch").getAsInt());
      CompletableResultCode result = exporter.export(spans).join(80, TimeUnit.SECONDS);
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("client", "java " + System.getProperty("otel.version") + " " + protocol);
      line.put("compression", compression);
      line.put("ok", result.isSuccess());
      if (!result.isSuccess()) line.put("error", String.valueOf(result.getFailureThrowable()));
      line.put("spanIds", spans.stream().map(SpanData::getSpanId).toList());
      System.out.println(GSON.toJson(line));
      try {
        Thread.sleep(task.get("pauseMs").getAsInt());
      } catch (InterruptedException interrupted) {
        return;
      }
    }
  }

  private static SpanExporter exporterOf(JsonObject task, String protocol, String compression) {
    String host = "http://127.0.0.1:";
    return protocol.equals("grpc")
        ? OtlpGrpcSpanExporter.builder().setEndpoint(host + task.get("grpc").getAsInt()).setCompression(compression).build()
        : OtlpHttpSpanExporter.builder()
            .setEndpoint(host + task.get("http").getAsInt() + "/v1/traces")
            .setCompression(compression)
            .build();
  }

  private static List<SpanData> spansOf(int count) {
    InMemorySpanExporter memory = InMemorySpanExporter.create();
    SdkTracerProvider provider = SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(memory)).build();
    String messages = GSON.toJson(
        List.of(Map.of("role", "user", "parts", List.of(Map.of("type", "text", "content", "x".repeat(2000))))));
    for (int index = 0; index < count; index++) {
      provider.get("interop").spanBuilder("chat gpt-4o")
          .setAttribute("gen_ai.operation.name", "chat")
          .setAttribute("gen_ai.provider.name", "openai")
          .setAttribute("gen_ai.request.model", "gpt-4o")
          .setAttribute("gen_ai.usage.input_tokens", 12)
          .setAttribute("gen_ai.input.messages", messages)
          .startSpan().end();
    }
    return memory.getFinishedSpanItems();
  }
}
