// The limit: what straight-line code for one schema takes, which no codec for any schema can be asked to beat by much.
// Built with all that the machine has (-march=native), so it measures and is not shipped.
//
//   avro_limit_bench [PASSES [WHAT]]     as avro_codec_bench

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "bench/avro_codec/data.h"
#include "bench/avro_codec/limit_json.h"
#include "bench/avro_codec/timing.h"

namespace omashu::bench {
namespace {

void require(bool done) {
  if (done) return;
  std::fprintf(stderr, "avro_limit_bench: a record does not come back\n");
  std::exit(1);
}

template <template <class> class T>
class LimitBench {
 public:
  LimitBench(const Dataset& data, int passes, std::string_view only) : data_(data), passes_(passes), only_(only) {}

  void run() {
    check();
    T<View> view;
    T<Own> own;
    each("decode", [&](const std::string& record) {
      decode(record, view);
      keep(&view);
    });
    each("decode to a struct", [&](const std::string& record) {
      decode(record, own);
      keep(&own);
    });

    std::vector<T<Own>> owns(std::min(kHotRecords, data_.records.size()));
    for (size_t i = 0; i < owns.size(); ++i) decode(data_.records[i], owns[i]);
    report("encode", [&] {
      for (size_t i = 0; i < data_.records.size(); ++i) {
        write(out_.data(), owns[i % owns.size()]);
        keep(out_.data());
      }
    });
    each("to Avro JSON", [&](const std::string& record) {
      to_text(record);
      keep(out_.data());
    });
    std::vector<std::string> texts;
    for (const std::string& record : data_.records) texts.emplace_back(to_text(record));
    report("from Avro JSON", [&] {
      for (const std::string& text : texts) {
        from_text(text);
        keep(out_.data());
      }
    });
  }

 private:
  void report(std::string_view what, auto pass) {
    const std::string name = data_.name + " " + std::string(what);
    if (name.find(only_) != std::string::npos) measure("limit", what, data_, passes_, pass);
  }
  void each(std::string_view what, auto work) {
    report(what, [&] {
      for (const std::string& record : data_.records) work(record);
    });
  }

  template <class Struct>
  void decode(const std::string& record, Struct& to) {
    bump_.reset();
    Input in{record.data(), record.data() + record.size(), &bump_};
    require(read(in, to) && in.at == in.end);
  }
  std::string_view to_text(const std::string& record) {
    Input in{record.data(), record.data() + record.size(), &bump_};
    const char* const end = to_json<T<View>>(in, out_.data());
    require(end != nullptr && in.at == in.end);
    return {out_.data(), static_cast<size_t>(end - out_.data())};
  }
  std::string_view from_text(const std::string& text) {
    JsonInput in{text.data(), text.data() + text.size()};
    const char* const end = from_json<T<View>>(in, out_.data());
    require(end != nullptr && in.at == in.end);
    return {out_.data(), static_cast<size_t>(end - out_.data())};
  }

  // Each record is the same again after each way there and back.
  void check() {
    T<View> view;
    T<Own> own;
    for (const std::string& record : data_.records) {
      decode(record, view);
      require(std::string_view(out_.data(), write(out_.data(), view)) == record);
      decode(record, own);
      require(std::string_view(out_.data(), write(out_.data(), own)) == record);
      const std::string text(to_text(record));
      require(from_text(text) == record);
    }
  }

  const Dataset& data_;
  const int passes_;
  const std::string_view only_;
  Bump bump_;
  std::vector<char> out_ = std::vector<char>(size_t{1} << 20);
};

}  // namespace
}  // namespace omashu::bench

int main(int argc, char** argv) {
  using namespace omashu::bench;
  const int passes = argc > 1 ? std::max(1, std::atoi(argv[1])) : 5;
  const std::string_view only = argc > 2 ? argv[2] : "";
  LimitBench<Status>(status_records(200'000), passes, only).run();
  LimitBench<Wide>(wide_records(20'000), passes, only).run();
  return 0;
}
