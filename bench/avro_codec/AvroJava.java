import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonEncoder;

/** Avro Java with its fast reader on the same records: see bench/avro. AvroJava FOLDER PASSES */
public final class AvroJava {
  private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();

  private interface Work {
    void run(int index) throws Exception;
  }

  private static void measure(String name, String what, int passes, int records, Work work) throws Exception {
    double least = Double.MAX_VALUE;
    for (int pass = 0; pass <= passes + 3; ++pass) { // the first ones are compiled while they run
      long start = THREAD.getCurrentThreadCpuTime();
      for (int i = 0; i < records; ++i) work.run(i);
      if (pass > 3) least = Math.min(least, THREAD.getCurrentThreadCpuTime() - start);
    }
    System.out.printf("Java\t%s\t%s\t%.1f%n", what, name, least / records);
  }

  private static List<byte[]> records(Path file) throws Exception {
    ByteBuffer data = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> records = new ArrayList<>();
    while (data.hasRemaining()) {
      byte[] record = new byte[data.getInt()];
      data.get(record);
      records.add(record);
    }
    return records;
  }

  private static Work decode(Schema writer, Schema reader, List<byte[]> records) {
    GenericData data = new GenericData();
    data.setFastReaderEnabled(true);
    GenericDatumReader<GenericRecord> datums = new GenericDatumReader<>(writer, reader, data);
    BinaryDecoder[] decoder = new BinaryDecoder[1];
    GenericRecord[] reused = new GenericRecord[1];
    return i -> {
      decoder[0] = DecoderFactory.get().binaryDecoder(records.get(i), decoder[0]);
      reused[0] = datums.read(reused[0], decoder[0]);
    };
  }

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    int passes = Integer.parseInt(args[1]);
    for (String name : List.of("status", "wide")) {
      Schema writer = new Schema.Parser().parse(folder.resolve(name + ".avsc").toFile());
      Schema reader = new Schema.Parser().parse(folder.resolve(name + ".reader.avsc").toFile());
      List<byte[]> records = records(folder.resolve(name + ".bin"));
      int count = records.size();
      measure(name, "decode", passes, count, decode(writer, writer, records));
      measure(name, "resolve", passes, count, decode(writer, reader, records));

      List<GenericRecord> values = new ArrayList<>();
      GenericDatumReader<GenericRecord> datums = new GenericDatumReader<>(writer);
      for (int i = 0; i < Math.min(128, count); ++i) {
        values.add(datums.read(null, DecoderFactory.get().binaryDecoder(records.get(i), null)));
      }
      GenericDatumWriter<GenericRecord> datumWriter = new GenericDatumWriter<>(writer);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryEncoder[] encoder = new BinaryEncoder[1];
      measure(name, "encode", passes, count, i -> {
        out.reset();
        encoder[0] = EncoderFactory.get().binaryEncoder(out, encoder[0]);
        datumWriter.write(values.get(i % values.size()), encoder[0]);
        encoder[0].flush();
      });
      JsonEncoder json = EncoderFactory.get().jsonEncoder(writer, out);
      measure(name, "to Avro JSON", passes, count / 4, i -> {
        out.reset();
        json.configure(out);
        datumWriter.write(values.get(i % values.size()), json);
        json.flush();
      });
    }
  }
}
