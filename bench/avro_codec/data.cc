#include "bench/avro_codec/data.h"

#include <fmt/core.h>

#include <cstdint>
#include <random>
#include <string_view>

#include "avro/varint.h"

namespace omashu::bench {

namespace {

using avro::append_long;

constexpr std::string_view kServers =
    R"({"type":"enum","name":"Server","symbols":["BR1","EUN1","EUW1","JP1","KR","LA1","LA2","ME1","NA1","OC1","RU","SG2","TH2","TR1","TW2","VN2"]})";

std::string status_schema() {
  return fmt::format(
      R"({{"type":"record","name":"DownloadStatus","namespace":"org.example","fields":[{{"name":"omashuId","type":"string"}},
      {{"name":"server","type":{}}},{{"name":"account","type":["null","string"],"default":null}},
      {{"name":"status","type":{{"type":"enum","name":"Status","symbols":["PROCESSING","COMPLETED","FAILED"]}}}},
      {{"name":"timestamp","type":{{"type":"long","logicalType":"timestamp-millis"}}}},
      {{"name":"failureReason","type":["null",{{"type":"enum","name":"FailureReason",
        "symbols":["NOT_FOUND","RATE_LIMITED","API_ERROR","TIMEOUT","INVALID_REGION"]}}],"default":null}}]}})",
      kServers);
}

// The reader has other types for two fields, others in front, has dropped a quarter of them, and added three.
std::string wide_schema(bool is_reader) {
  constexpr std::string_view kDropped = " l1 l4 i2 i5 d3 f2 b1 s2 s5 text1 blob os1 os4 ol1 duo ids counters ";
  constexpr std::string_view kFirst = " created updated i0 i1 i3 i4 day d0 ";
  std::string first, others;
  const auto add = [&](std::string_view name, std::string_view type) {
    const std::string word = fmt::format(" {} ", name);
    if (is_reader && kDropped.find(word) != std::string_view::npos) return;
    if (is_reader && (name == "i0" || name == "i3")) type = R"("long")";
    if (is_reader && name == "f0") type = R"("double")";
    std::string& fields = is_reader && kFirst.find(word) != std::string_view::npos ? first : others;
    fields += fmt::format(R"(,{{"name":"{}","type":{}}})", name, type);
  };
  const auto add_many = [&](std::string_view name, int count, std::string_view type) {
    for (int i = 0; i < count; ++i) add(fmt::format("{}{}", name, i), type);
  };
  add_many("l", 6, R"("long")");
  add("created", R"({"type":"long","logicalType":"timestamp-millis"})");
  add("updated", R"({"type":"long","logicalType":"timestamp-micros"})");
  add_many("i", 6, R"("int")");
  add("day", R"({"type":"int","logicalType":"date"})");
  add_many("d", 5, R"("double")");
  add_many("f", 4, R"("float")");
  add_many("b", 4, R"("boolean")");
  add_many("s", 8, R"("string")");
  add_many("text", 2, R"("string")");
  add("blob", R"("bytes")");
  add("md5", R"({"type":"fixed","name":"MD5","size":16})");
  add("price", R"({"type":"bytes","logicalType":"decimal","precision":20,"scale":4})");
  add("uid", R"({"type":"string","logicalType":"uuid"})");
  add("server", kServers);
  add("state", R"({"type":"enum","name":"State","symbols":["PROCESSING","COMPLETED","FAILED"]})");
  add("queue", R"({"type":"enum","name":"Queue","symbols":["SOLO","FLEX","NORMAL","ARAM","URF"]})");
  add_many("os", 6, R"(["null","string"])");
  add_many("ol", 3, R"(["null","long"])");
  add_many("od", 2, R"(["null","double"])");
  add("player",
      R"({"type":"record","name":"Player","fields":[{"name":"id","type":"long"},{"name":"name","type":"string"},
      {"name":"level","type":"int"},{"name":"rank","type":{"type":"enum","name":"Rank","symbols":["IRON","BRONZE",
      "SILVER","GOLD","PLATINUM","EMERALD","DIAMOND","MASTER","GRANDMASTER","CHALLENGER"]}},
      {"name":"lp","type":["null","int"]},{"name":"winrate","type":"double"},{"name":"pos","type":{"type":"record",
      "name":"Coord","fields":[{"name":"x","type":"double"},{"name":"y","type":"double"}]}},
      {"name":"tags","type":{"type":"array","items":"string"}}]})");
  add("duo", R"(["null","Player"])");
  add("samples", R"({"type":"array","items":"double"})");
  add("ids", R"({"type":"array","items":"long"})");
  add("items",
      R"({"type":"array","items":{"type":"record","name":"Item","fields":[{"name":"id","type":"int"},
      {"name":"count","type":"int"},{"name":"label","type":"string"}]}})");
  add("attrs", R"({"type":"map","values":"string"})");
  add("counters", R"({"type":"map","values":"long"})");
  add("misc", R"(["null","string","long","Item"])");
  if (is_reader) {
    others +=
        R"(,{"name":"addedString","type":"string","default":"n/a"},{"name":"addedLong","type":"long","default":42},
      {"name":"addedDouble","type":["null","double"],"default":null})";
  }
  return fmt::format(R"({{"type":"record","name":"Wide","namespace":"org.example","fields":[{}]}})",
                     (first + others).substr(1));
}

// Writes records of those schemas.
class Generator {
 public:
  std::string status(int64_t index) {
    start();
    const uint64_t state = pick(100);
    text(3, 16);
    number(pick(16));
    if (pick(100) < 30) {
      number(0);
    } else {
      number(1);
      text(78, 78);
    }
    const int64_t status = state < 20 ? 0 : state < 90 ? 1 : 2;
    number(status);
    number(1'735'689'600'000 + index * 37);
    number(status == 2 ? 1 : 0);
    if (status == 2) number(pick(5));
    return std::move(out_);
  }

  std::string wide(int64_t index) {
    start();
    for (const uint64_t bound : {uint64_t{1} << 20, uint64_t{1} << 33, uint64_t{100}, uint64_t{1} << 52,
                                 uint64_t{10'000}, uint64_t{1} << 20}) {
      number(pick(bound));
    }
    number(1'735'689'600'000 + index * 1'000);
    number((1'735'689'600'000 + index * 1'000) * 1'000);
    for (const uint64_t bound : {10, 1'000, 100'000, 1 << 30, 50, 300}) number(pick(bound));
    number(20'000 + pick(400));
    for (int i = 0; i < 5; ++i) raw(i < 3 ? static_cast<double>(pick(2'000'000)) / 1'000 : fraction());
    for (int i = 0; i < 4; ++i) raw(static_cast<float>(fraction() * 100));
    for (int i = 0; i < 4; ++i) out_ += static_cast<char>(pick(2));
    for (int i = 0; i < 8; ++i) text(3, 9);
    for (int i = 0; i < 2; ++i) text(40, 120);
    bytes(32);
    out_ += random_bytes(16);
    bytes(6);
    string("123e4567-e89b-12d3-a456-426614174000");
    for (const uint64_t symbols : {16, 3, 5}) number(pick(symbols));
    for (int i = 0; i < 6; ++i) maybe(60, [&] { text(8, 22); });
    for (int i = 0; i < 3; ++i) maybe(60, [&] { number(pick(1 << 30)); });
    for (int i = 0; i < 2; ++i) maybe(60, [&] { raw(fraction()); });
    player();
    maybe(40, [&] { player(); });
    items(16 + pick(16), [&] { raw(static_cast<double>(pick(10'000)) / 100); });
    items(pick(16), [&] { number(pick(1 << 20)); });
    items(1 + pick(7), [&] { item(); });
    items(2 + pick(6), [&] { text(6, 10), text(8, 14); });
    items(2 + pick(6), [&] { text(3, 4), number(pick(100'000)); });
    misc();
    return std::move(out_);
  }

 private:
  void start() { out_.clear(); }
  int64_t pick(uint64_t bound) { return static_cast<int64_t>(random_() % bound); }
  double fraction() { return static_cast<double>(random_() >> 11) * 0x1p-53; }
  void number(int64_t value) { append_long(out_, value); }
  template <class T>
  void raw(T value) {
    out_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void string(std::string_view text) {
    number(static_cast<int64_t>(text.size()));
    out_ += text;
  }
  void text(int64_t fewest, int64_t most) {
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-#";
    std::string letters(static_cast<size_t>(fewest + pick(static_cast<uint64_t>(most - fewest + 1))), ' ');
    for (char& c : letters) c = kLetters[static_cast<size_t>(pick(kLetters.size()))];
    if (letters.size() > 4 && pick(100) < 6) letters.replace(0, 3, "\xed\x8e\x98");  // 페
    if (letters.size() > 30 && pick(100) < 10) letters.replace(20, 5, " \"q\"\n");
    string(letters);
  }
  std::string random_bytes(size_t size) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(pick(256));
    return bytes;
  }
  void bytes(size_t size) { string(random_bytes(size)); }
  void maybe(int64_t percent, auto write) {
    const bool there = pick(100) < percent;
    number(there ? 1 : 0);
    if (there) write();
  }
  void items(int64_t count, auto write) {
    if (count > 0) number(count);
    for (int64_t i = 0; i < count; ++i) write();
    number(0);
  }
  void item() { number(pick(7'000)), number(pick(10)), text(8, 14); }
  void player() {
    number(pick(uint64_t{1} << 40));
    text(8, 22);
    number(pick(900));
    number(pick(10));
    maybe(80, [&] { number(pick(2'000)); });
    raw(static_cast<double>(pick(10'000)) / 10'000);
    raw(fraction() * 15'000);
    raw(fraction() * 15'000);
    items(pick(4), [&] { text(3, 6); });
  }
  void misc() {
    const int64_t branch = pick(4);
    number(branch);
    if (branch == 1) text(10, 40);
    if (branch == 2) number(pick(1 << 30));
    if (branch == 3) item();
  }

  std::mt19937_64 random_{12'345};
  std::string out_;
};

// Fields moved, `account` dropped, two added.
std::string status_reader_schema() {
  return fmt::format(
      R"({{"type":"record","name":"DownloadStatus","namespace":"org.example","fields":[
      {{"name":"timestamp","type":{{"type":"long","logicalType":"timestamp-millis"}}}},{{"name":"omashuId","type":"string"}},
      {{"name":"status","type":{{"type":"enum","name":"Status","symbols":["PROCESSING","COMPLETED","FAILED"]}}}},
      {{"name":"region","type":"string","default":"unknown"}},{{"name":"server","type":{}}},
      {{"name":"failureReason","type":["null",{{"type":"enum","name":"FailureReason",
        "symbols":["NOT_FOUND","RATE_LIMITED","API_ERROR","TIMEOUT","INVALID_REGION"]}}],"default":null}},
      {{"name":"attempts","type":"int","default":1}}]}})",
      kServers);
}

}  // namespace

Dataset status_records(size_t count) {
  Dataset data{.name = "status", .schema = status_schema(), .reader_schema = status_reader_schema(), .records = {}};
  Generator generator;
  for (size_t i = 0; i < count; ++i) data.records.push_back(generator.status(static_cast<int64_t>(i)));
  return data;
}

Dataset wide_records(size_t count) {
  Dataset data{.name = "wide", .schema = wide_schema(false), .reader_schema = wide_schema(true), .records = {}};
  Generator generator;
  for (size_t i = 0; i < count; ++i) data.records.push_back(generator.wide(static_cast<int64_t>(i)));
  return data;
}

}  // namespace omashu::bench
