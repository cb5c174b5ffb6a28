// A table of Kafka Streams (RocksDB, one process) with the JDK's HTTP server before it: what somebody writes who wants
// the latest value of a key over HTTP and has a JVM. It answers a record's bytes as they are, without decoding them.
//
//   java -cp JARS Streams.java BOOTSTRAP TOPIC STATE_FOLDER READY_FILE
//
// GET /KEY, where KEY is the key's bytes in hexadecimal digits. READY_FILE holds the URL and the milliseconds from the
// start of main() until the whole topic was read.

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

public final class Streams {
  public static void main(String[] arguments) throws Exception {
    long begin = System.nanoTime();
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "streams-peer");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, arguments[2]);

    StreamsBuilder builder = new StreamsBuilder();
    builder.globalTable(
        arguments[1],
        Consumed.with(Serdes.Bytes(), Serdes.ByteArray()),
        Materialized.<Bytes, byte[], KeyValueStore<Bytes, byte[]>>as("rows"));
    KafkaStreams streams = new KafkaStreams(builder.build(), properties);
    CountDownLatch running = new CountDownLatch(1);
    streams.setStateListener(
        (now, before) -> {
          if (now == KafkaStreams.State.RUNNING) running.countDown();
        });
    streams.start();
    running.await();
    double restored = (System.nanoTime() - begin) / 1e6;
    ReadOnlyKeyValueStore<Bytes, byte[]> rows =
        streams.store(
            StoreQueryParameters.fromNameAndType("rows", QueryableStoreTypes.<Bytes, byte[]>keyValueStore()));

    HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors() * 16));
    http.createContext(
        "/",
        exchange -> {
          byte[] key = HexFormat.of().parseHex(exchange.getRequestURI().getPath().substring(1));
          byte[] value = rows.get(Bytes.wrap(key));
          exchange.sendResponseHeaders(value == null ? 404 : 200, value == null ? -1 : value.length);
          if (value != null) exchange.getResponseBody().write(value);
          exchange.close();
        });
    http.start();
    Path ready = Path.of(arguments[3]);
    Path unfinished = Path.of(arguments[3] + ".new");
    Files.writeString(
        unfinished,
        "url http://127.0.0.1:" + http.getAddress().getPort() + "\nrestored_ms " + restored + "\n");
    Files.move(unfinished, ready, StandardCopyOption.ATOMIC_MOVE);
  }
}
