#include "avro/java_datum_json.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "avro/binary_reader.h"
#include "avro/java_conversion.h"
#include "avro/java_hash_map.h"
#include "avro/java_number.h"
#include "avro/program.h"
#include "base/utf8.h"

namespace omashu::avro {

namespace {

// Of values within values. Unlike the decoders' programs, this one counts records and unions, too.
constexpr size_t kMaxDepth = 5 * kMaxNesting;

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

void append_unit_escape(std::string& out, uint32_t unit) { out += fmt::format("\\u{:04X}", unit); }

void append_character(std::string& out, std::string_view character) {
  const char c = character.front();
  switch (character.size()) {
    case 1: break;
    case 4: {
      uint32_t code_point = static_cast<unsigned char>(c) & 7u;
      for (const char next : character.substr(1))
        code_point = code_point << 6 | (static_cast<unsigned char>(next) & 63);
      append_unit_escape(out, 0xd7c0 + (code_point >> 10));
      append_unit_escape(out, 0xdc00 + (code_point & 0x3ff));
      return;
    }
    default: out += character; return;
  }
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  if (static_cast<unsigned char>(c) < 0x20) {
    append_unit_escape(out, static_cast<unsigned char>(c));
  } else {
    out += c;
  }
}

bool has_java_string_keys(const Node& map) {
  return std::ranges::any_of(map.properties, [](const json::Member& property) {
    return property.name == "avro.java.string" && property.value.is_string() && property.value.text() == "String";
  });
}

class JavaJsonWriter {
 public:
  JavaJsonWriter(std::string_view bytes, const JavaJsonOptions& options, std::string& out)
      : in_(bytes), options_(options), out_(out), empty_items_left_(max_empty_items(bytes.size())) {}

  Result<void> write_top(const Node& node) {
    // JsonEncoder begins an object when something follows it: an empty record alone is no text at all.
    if (node.type == Type::kRecord && node.fields.empty()) return {};
    is_bare_ = true;
    return write(node);
  }

 private:
  // A union at the top, and in the values of a map at the top, is known by its value alone.
  bool take_bare() { return std::exchange(is_bare_, false); }

  Result<void> write(const Node& node) {
    if (++depth_ > kMaxDepth) in_.fail(Failure::kTooDeep);
    auto written = write_value(node);
    --depth_;
    if (in_.failed()) return fail(ErrorCode::kCorrupt, fmt::format("byte {}: unreadable Avro data", in_.offset()));
    return written;
  }

  Result<void> write_value(const Node& node) {
    if (node.type != Type::kUnion && node.type != Type::kMap) take_bare();
    switch (node.type) {
      case Type::kNull: out_ += "null"; return {};
      case Type::kBoolean: out_ += in_.read_boolean() ? "true" : "false"; return {};
      case Type::kInt: return write_integer(node, in_.read_int());
      case Type::kLong: return write_integer(node, in_.read_long());
      case Type::kFloat: out_ += java_float_text(in_.read_float()); return {};
      case Type::kDouble: out_ += java_double_text(in_.read_double()); return {};
      case Type::kBytes:
      case Type::kFixed: return write_bytes(node);
      case Type::kString: return write_string(node);
      case Type::kEnum: return write_enum(node);
      case Type::kRecord: return write_record(node);
      case Type::kArray: return write_array(node);
      case Type::kMap: return write_map(node);
      case Type::kUnion: return write_union(node);
    }
    return {};
  }

  Result<void> write_integer(const Node& node, int64_t value) {
    out_ += fmt::format("{}", value);
    if (in_.failed() || !options_.use_logical_type_converters) return {};
    return check_as_java(node, value);
  }

  Result<std::string> converted(const Node& node, std::string_view value) const {
    if (in_.failed() || !options_.use_logical_type_converters) return std::string(value);
    return convert_as_java(node, value);
  }

  Result<void> write_bytes(const Node& node) {
    const std::string_view bytes = node.type == Type::kFixed ? in_.read_fixed(node.fixed_size) : in_.read_bytes();
    const auto value = converted(node, bytes);
    if (!value) return fail(value.error());
    std::string text;
    for (const char byte : *value) append_utf8(text, static_cast<unsigned char>(byte));
    append_java_quoted(out_, text);
    return {};
  }

  Result<void> write_string(const Node& node) {
    const auto value = converted(node, in_.read_bytes());
    if (!value) return fail(value.error());
    append_java_quoted(out_, *value);
    return {};
  }

  Result<void> write_enum(const Node& node) {
    if (node.symbols.empty()) in_.fail(Failure::kEnumIndex);
    const uint32_t index = in_.read_index(static_cast<uint32_t>(node.symbols.size()), Failure::kEnumIndex);
    if (!in_.failed()) append_java_quoted(out_, node.symbols[index]);
    return {};
  }

  Result<void> write_record(const Node& node) {
    out_ += '{';
    for (const Field& field : node.fields) {
      if (&field != &node.fields.front()) out_ += ',';
      append_java_quoted(out_, field.name);
      out_ += ':';
      if (auto written = write(*field.type); !written) return written;
    }
    out_ += '}';
    return {};
  }

  // The number of items of the next block; 0 at the end.
  uint64_t read_block() {
    const int64_t count = in_.read_long();
    if (count >= 0) return static_cast<uint64_t>(count);
    in_.read_long();  // the block's size in bytes
    return 0 - static_cast<uint64_t>(count);
  }

  // Items that take no bytes: a few bytes could claim any number of them.
  void bound_items(size_t offset_before) {
    if (in_.offset() == offset_before && empty_items_left_-- == 0) in_.fail(Failure::kTooMuch);
  }

  Result<void> write_array(const Node& node) {
    out_ += '[';
    bool is_first = true;
    for (uint64_t left = read_block(); left > 0 && !in_.failed(); left = read_block()) {
      for (; left > 0 && !in_.failed(); --left) {
        if (!std::exchange(is_first, false)) out_ += ',';
        const size_t offset = in_.offset();
        if (auto written = write(*node.items); !written) return written;
        bound_items(offset);
      }
    }
    out_ += ']';
    return {};
  }

  Result<void> write_map(const Node& node) {
    const bool is_bare = take_bare();
    const bool is_java_string = has_java_string_keys(node);
    uint64_t left = read_block();
    JavaHashMapOrder order(static_cast<size_t>(std::min<uint64_t>(left, in_.remaining())));
    std::vector<std::pair<std::string, std::string>> entries;  // key and value as JSON, by place
    for (; left > 0 && !in_.failed(); left = read_block()) {
      for (; left > 0 && !in_.failed(); --left) {
        const std::string key(in_.read_bytes());
        std::string value;
        std::swap(value, out_);
        is_bare_ = is_bare;
        auto written = write(*node.items);
        is_bare_ = false;
        std::swap(value, out_);
        if (!written) return written;
        const size_t place = order.insert(key, is_java_string ? java_string_hash(key) : java_utf8_hash(key));
        if (place == entries.size()) entries.emplace_back(key, "");
        entries[place].second = std::move(value);
      }
    }
    out_ += '{';
    bool is_first = true;
    for (const size_t place : order.iteration()) {
      if (!std::exchange(is_first, false)) out_ += ',';
      append_java_quoted(out_, entries[place].first);
      out_ += ':';
      out_ += entries[place].second;
    }
    out_ += '}';
    return {};
  }

  Result<void> write_union(const Node& node) {
    const bool is_bare = take_bare();
    if (node.branches.empty()) in_.fail(Failure::kBranchIndex);
    const uint32_t index = in_.read_index(static_cast<uint32_t>(node.branches.size()), Failure::kBranchIndex);
    if (in_.failed()) return {};
    const Node& branch = *node.branches[index];
    if (branch.type == Type::kNull || is_bare) {
      is_bare_ = is_bare;
      return write(branch);
    }
    out_ += '{';
    append_java_quoted(out_, branch.is_named() ? std::string_view(branch.full_name) : type_name(branch.type));
    out_ += ':';
    if (auto written = write(branch); !written) return written;
    out_ += '}';
    return {};
  }

  BinaryReader in_;
  const JavaJsonOptions& options_;
  std::string& out_;
  bool is_bare_ = false;
  size_t depth_ = 0;
  uint64_t empty_items_left_;
};

}  // namespace

Result<void> append_java_json(const Schema& schema, std::string_view bytes, const JavaJsonOptions& options,
                              std::string& out) {
  const size_t start = out.size();
  auto written = JavaJsonWriter(bytes, options, out).write_top(schema.root());
  if (!written) out.resize(start);
  return written;
}

void append_java_quoted(std::string& out, std::string_view utf8) {
  out += '"';
  while (!utf8.empty()) {
    const size_t length = utf8_character_length(utf8);
    if (length == 0) {
      out += kReplacement;
    } else {
      append_character(out, utf8.substr(0, length));
    }
    utf8.remove_prefix(std::max<size_t>(1, length));
  }
  out += '"';
}

std::string as_java_string(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const size_t length = utf8_character_length(bytes);
    text += length == 0 ? kReplacement : bytes.substr(0, length);
    bytes.remove_prefix(std::max<size_t>(1, length));
  }
  return text;
}

}  // namespace omashu::avro
