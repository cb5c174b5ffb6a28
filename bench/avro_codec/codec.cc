// omashu's Avro codec, in nanoseconds a record.
//
//   avro_codec_bench [PASSES [WHAT]]     the least of PASSES passes (5); WHAT: only what has this in its name, as in
//   "status decode" avro_codec_bench --write FOLDER      the schemas and records as files, for the peers of bench/avro
//
// Generated structs are measured here too, once the library has them.

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "avro/codec.h"
#include "avro/datum.h"
#include "base/json.h"
#include "bench/avro_codec/data.h"
#include "bench/avro_codec/timing.h"

namespace omashu::bench {
namespace {

using avro::Decoder;
using avro::Encoder;
using avro::GenericDecoder;
using avro::JsonForm;
using avro::Schema;

// The bench ends where the codec fails: there is nothing to measure then.
void require(const auto& result) {
  if (result) return;
  std::fprintf(stderr, "avro_codec_bench: %s\n", result.error().message.c_str());
  std::exit(1);
}

class CodecBench {
 public:
  CodecBench(const Dataset& data, int passes, std::string_view only) : data_(data), passes_(passes), only_(only) {}

  void run() {
    const Schema writer = *Schema::parse(data_.schema);
    const Schema reader = *Schema::parse(data_.reader_schema);
    decode(writer, reader);
    to_json(writer);
    from_json(writer);
    compile(writer, reader);
  }

 private:
  bool is_wanted(std::string_view what) const {
    return fmt::format("{} {}", data_.name, what).find(only_) != std::string::npos;
  }
  void report(std::string_view what, auto pass) {
    if (is_wanted(what)) measure("omashu", what, data_, passes_, pass);
  }
  void report_each(std::string_view what, auto work) {
    report(what, [&] {
      for (const std::string& record : data_.records) work(record);
    });
  }

  void decode(const Schema& writer, const Schema& reader) {
    avro::Arena arena;
    const GenericDecoder plain = *GenericDecoder::compile(writer);
    const GenericDecoder resolving = *GenericDecoder::compile(writer, reader);
    const Decoder validating = *Decoder::compile(writer);
    report_each("decode", [&](const std::string& record) { require(plain.decode(record, arena)); });
    report_each("resolve", [&](const std::string& record) { require(resolving.decode(record, arena)); });
    report_each("validate", [&](const std::string& record) { require(validating.validate(record)); });

    std::string out;
    std::vector<avro::Arena> arenas(std::min(kHotRecords, data_.records.size()));
    std::vector<avro::Datum> datums;
    for (size_t i = 0; i < arenas.size(); ++i) datums.push_back(*plain.decode(data_.records[i], arenas[i]));
    report("encode", [&] {
      for (size_t i = 0; i < data_.records.size(); ++i) {
        out.clear();
        append_datum(datums[i % datums.size()], out);
        keep(out.data());
      }
    });
  }

  void to_json(const Schema& writer) {
    const Decoder decoder = *Decoder::compile(writer);
    std::string out;
    for (const auto& [form, what] : {std::pair{JsonForm::kPlain, "to plain JSON"}, {JsonForm::kAvro, "to Avro JSON"}}) {
      report_each(what, [&, form = form](const std::string& record) {
        out.clear();
        require(decoder.to_json(record, form, out));
      });
    }
  }

  void from_json(const Schema& writer) {
    const Decoder decoder = *Decoder::compile(writer);
    const Encoder encoder = *Encoder::compile(writer);
    for (const auto& [form, what] :
         {std::pair{JsonForm::kPlain, "from plain JSON"}, {JsonForm::kAvro, "from Avro JSON"}}) {
      std::vector<std::string> texts(data_.records.size());
      for (size_t i = 0; i < texts.size(); ++i) require(decoder.to_json(data_.records[i], form, texts[i]));
      report_texts(what, encoder, texts, form);
      if (form == JsonForm::kPlain) {
        for (std::string& text : texts) {
          json::Value record = *json::parse(text);
          std::ranges::reverse(record.members());
          text = json::to_text(record);
        }
        report_texts("from plain JSON, reversed", encoder, texts, form);
      }
    }
  }

  void report_texts(std::string_view what, const Encoder& encoder, const std::vector<std::string>& texts,
                    JsonForm form) {
    std::string out;
    report(what, [&] {
      for (const std::string& text : texts) {
        out.clear();
        require(encoder.from_json(text, out, form));
      }
    });
  }

  // A pair for each record of the others: they are many, and a pair is dear.
  void compile(const Schema& writer, const Schema& reader) {
    Dataset pairs{.name = data_.name, .schema = {}, .reader_schema = {}, .records = std::vector<std::string>(1000)};
    const auto each = [&](std::string_view what, auto work) {
      if (!is_wanted(what)) return;
      measure("omashu", what, pairs, passes_, [&] {
        for (size_t i = 0; i < pairs.records.size(); ++i) work();
      });
    };
    std::string out;
    each("compile a pair, generic", [&] { require(GenericDecoder::compile(writer, reader)); });
    each("compile a pair, plain JSON", [&] {
      const auto decoder = Decoder::compile(writer, reader);
      require(decoder->to_json(data_.records[0], JsonForm::kPlain, out));
      out.clear();
    });
  }

  const Dataset& data_;
  const int passes_;
  const std::string_view only_;
};

// NAME.avsc, NAME.reader.avsc, and NAME.bin: each record behind its length (u32, little-endian).
void write_files(const Dataset& data, const std::string& folder) {
  const std::string path = folder + "/" + data.name;
  std::ofstream(path + ".avsc") << data.schema;
  std::ofstream(path + ".reader.avsc") << data.reader_schema;
  std::ofstream file(path + ".bin", std::ios::binary);
  for (const std::string& record : data.records) {
    const auto size = static_cast<uint32_t>(record.size());
    file.write(reinterpret_cast<const char*>(&size), sizeof size) << record;
  }
}

}  // namespace
}  // namespace omashu::bench

int main(int argc, char** argv) {
  const bool write = argc == 3 && std::string_view(argv[1]) == "--write";
  const int passes = argc > 1 ? std::max(1, std::atoi(argv[1])) : 5;
  const std::string_view only = argc > 2 ? argv[2] : "";
  for (const omashu::bench::Dataset& data :
       {omashu::bench::status_records(200'000), omashu::bench::wide_records(20'000)}) {
    if (write) {
      omashu::bench::write_files(data, argv[2]);
    } else {
      omashu::bench::CodecBench(data, passes, only).run();
    }
  }
  return 0;
}
