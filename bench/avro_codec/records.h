// The two schemas of data.h as C++ types, for the straight-line codec of limit.h. `Own` types hold their text, `View`
// types look into the bytes that they were decoded from.

#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace omashu::bench {

// A name as a template argument.
template <size_t N>
struct Name {
  char text[N];
  constexpr Name(const char (&name)[N]) { std::copy_n(name, N, text); }
  constexpr std::string_view view() const { return {text, N - 1}; }
};

// A record's field: its name in the schema and where it is.
template <Name name_, auto member_>
struct Field {
  static constexpr std::string_view name = name_.view();
  static constexpr auto member = member_;
};

// An enum of a schema: Symbols::names are its symbols.
template <class Symbols>
struct Enum {
  uint8_t index = 0;
};

struct Server {
  static constexpr std::string_view name = "org.example.Server";
  static constexpr std::array<std::string_view, 16> names = {"BR1", "EUN1", "EUW1", "JP1", "KR",  "LA1", "LA2", "ME1",
                                                             "NA1", "OC1",  "RU",   "SG2", "TH2", "TR1", "TW2", "VN2"};
};
struct StatusSymbols {
  static constexpr std::string_view name = "org.example.Status";
  static constexpr std::array<std::string_view, 3> names = {"PROCESSING", "COMPLETED", "FAILED"};
};
struct FailureReason {
  static constexpr std::string_view name = "org.example.FailureReason";
  static constexpr std::array<std::string_view, 5> names = {"NOT_FOUND", "RATE_LIMITED", "API_ERROR", "TIMEOUT",
                                                            "INVALID_REGION"};
};
struct State {
  static constexpr std::string_view name = "org.example.State";
  static constexpr std::array<std::string_view, 3> names = {"PROCESSING", "COMPLETED", "FAILED"};
};
struct Queue {
  static constexpr std::string_view name = "org.example.Queue";
  static constexpr std::array<std::string_view, 5> names = {"SOLO", "FLEX", "NORMAL", "ARAM", "URF"};
};
struct Rank {
  static constexpr std::string_view name = "org.example.Rank";
  static constexpr std::array<std::string_view, 10> names = {
      "IRON", "BRONZE", "SILVER", "GOLD", "PLATINUM", "EMERALD", "DIAMOND", "MASTER", "GRANDMASTER", "CHALLENGER"};
};

// Items in memory that a bump allocator gives.
template <class T>
struct Span {
  T* items = nullptr;
  size_t count = 0;
};

template <class Text, class Value>
struct Entry {
  Text key;
  Value value;
};

template <class Text>
struct BytesOf {
  Text bytes;
};

struct View {
  using Text = std::string_view;
  template <class T>
  using Array = Span<T>;
};
struct Own {
  using Text = std::string;
  template <class T>
  using Array = std::vector<T>;
};

template <class As>
struct Status {
  typename As::Text omashu_id;
  Enum<Server> server;
  std::optional<typename As::Text> account;
  Enum<StatusSymbols> status;
  int64_t timestamp = 0;
  std::optional<Enum<FailureReason>> failure_reason;

  static constexpr std::string_view name = "org.example.DownloadStatus";
  using Fields = std::tuple<Field<"omashuId", &Status::omashu_id>, Field<"server", &Status::server>,
                            Field<"account", &Status::account>, Field<"status", &Status::status>,
                            Field<"timestamp", &Status::timestamp>, Field<"failureReason", &Status::failure_reason>>;
};

template <class As>
struct Coord {
  double x = 0, y = 0;

  static constexpr std::string_view name = "org.example.Coord";
  using Fields = std::tuple<Field<"x", &Coord::x>, Field<"y", &Coord::y>>;
};

template <class As>
struct Player {
  int64_t id = 0;
  typename As::Text player_name;
  int32_t level = 0;
  Enum<Rank> rank;
  std::optional<int32_t> lp;
  double winrate = 0;
  Coord<As> pos;
  typename As::template Array<typename As::Text> tags;

  static constexpr std::string_view name = "org.example.Player";
  using Fields =
      std::tuple<Field<"id", &Player::id>, Field<"name", &Player::player_name>, Field<"level", &Player::level>,
                 Field<"rank", &Player::rank>, Field<"lp", &Player::lp>, Field<"winrate", &Player::winrate>,
                 Field<"pos", &Player::pos>, Field<"tags", &Player::tags>>;
};

template <class As>
struct Item {
  int32_t id = 0, count = 0;
  typename As::Text label;

  static constexpr std::string_view name = "org.example.Item";
  using Fields = std::tuple<Field<"id", &Item::id>, Field<"count", &Item::count>, Field<"label", &Item::label>>;
};

template <class As>
struct Wide {
  using Text = typename As::Text;
  template <class T>
  using Array = typename As::template Array<T>;

  int64_t l0, l1, l2, l3, l4, l5, created, updated;
  int32_t i0, i1, i2, i3, i4, i5, day;
  double d0, d1, d2, d3, d4;
  float f0, f1, f2, f3;
  bool b0, b1, b2, b3;
  Text s0, s1, s2, s3, s4, s5, s6, s7, text0, text1;
  BytesOf<Text> blob;
  std::array<char, 16> md5;
  BytesOf<Text> price;
  Text uid;
  Enum<Server> server;
  Enum<State> state;
  Enum<Queue> queue;
  std::optional<Text> os0, os1, os2, os3, os4, os5;
  std::optional<int64_t> ol0, ol1, ol2;
  std::optional<double> od0, od1;
  Player<As> player;
  std::optional<Player<As>> duo;
  Array<double> samples;
  Array<int64_t> ids;
  Array<Item<As>> items;
  Array<Entry<Text, Text>> attrs;
  Array<Entry<Text, int64_t>> counters;
  std::variant<std::monostate, Text, int64_t, Item<As>> misc;

  static constexpr std::string_view name = "org.example.Wide";
  using Fields = std::tuple<
      Field<"l0", &Wide::l0>, Field<"l1", &Wide::l1>, Field<"l2", &Wide::l2>, Field<"l3", &Wide::l3>,
      Field<"l4", &Wide::l4>, Field<"l5", &Wide::l5>, Field<"created", &Wide::created>,
      Field<"updated", &Wide::updated>, Field<"i0", &Wide::i0>, Field<"i1", &Wide::i1>, Field<"i2", &Wide::i2>,
      Field<"i3", &Wide::i3>, Field<"i4", &Wide::i4>, Field<"i5", &Wide::i5>, Field<"day", &Wide::day>,
      Field<"d0", &Wide::d0>, Field<"d1", &Wide::d1>, Field<"d2", &Wide::d2>, Field<"d3", &Wide::d3>,
      Field<"d4", &Wide::d4>, Field<"f0", &Wide::f0>, Field<"f1", &Wide::f1>, Field<"f2", &Wide::f2>,
      Field<"f3", &Wide::f3>, Field<"b0", &Wide::b0>, Field<"b1", &Wide::b1>, Field<"b2", &Wide::b2>,
      Field<"b3", &Wide::b3>, Field<"s0", &Wide::s0>, Field<"s1", &Wide::s1>, Field<"s2", &Wide::s2>,
      Field<"s3", &Wide::s3>, Field<"s4", &Wide::s4>, Field<"s5", &Wide::s5>, Field<"s6", &Wide::s6>,
      Field<"s7", &Wide::s7>, Field<"text0", &Wide::text0>, Field<"text1", &Wide::text1>, Field<"blob", &Wide::blob>,
      Field<"md5", &Wide::md5>, Field<"price", &Wide::price>, Field<"uid", &Wide::uid>, Field<"server", &Wide::server>,
      Field<"state", &Wide::state>, Field<"queue", &Wide::queue>, Field<"os0", &Wide::os0>, Field<"os1", &Wide::os1>,
      Field<"os2", &Wide::os2>, Field<"os3", &Wide::os3>, Field<"os4", &Wide::os4>, Field<"os5", &Wide::os5>,
      Field<"ol0", &Wide::ol0>, Field<"ol1", &Wide::ol1>, Field<"ol2", &Wide::ol2>, Field<"od0", &Wide::od0>,
      Field<"od1", &Wide::od1>, Field<"player", &Wide::player>, Field<"duo", &Wide::duo>,
      Field<"samples", &Wide::samples>, Field<"ids", &Wide::ids>, Field<"items", &Wide::items>,
      Field<"attrs", &Wide::attrs>, Field<"counters", &Wide::counters>, Field<"misc", &Wide::misc>>;
};

template <class T>
concept Record = requires { typename T::Fields; };

// Calls `visit` with each field in the schema's order, until one says false.
template <Record T>
[[gnu::always_inline]] inline bool each_field(auto visit) {
  return [&]<class... Fields>(std::tuple<Fields...>*) __attribute__((always_inline)) {
    return (visit(Fields{}) && ...);
  }(static_cast<typename T::Fields*>(nullptr));
}

}  // namespace omashu::bench
