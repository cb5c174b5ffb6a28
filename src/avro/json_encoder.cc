#include "avro/json_encoder.h"

#include <fmt/core.h>

#include <algorithm>

#include "avro/json_fast_encoder.h"
#include "avro/program.h"
#include "avro/varint.h"
#include "base/nearest.h"

namespace omashu::avro {

using json::Token;

namespace {

constexpr size_t kMaxQuoted = 40;

std::string shorten(std::string_view text) {
  if (text.size() <= kMaxQuoted) return std::string(text);
  size_t size = kMaxQuoted;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;  // not within a character
  return std::string(text.substr(0, size)) + "...";
}

std::string describe_token(const json::Reader& at) {
  switch (at.token()) {
    case Token::kString: return fmt::format("\"{}\"", shorten(at.text()));
    case Token::kNumber: return shorten(at.text());
    case Token::kTrue: return "true";
    case Token::kFalse: return "false";
    case Token::kNull: return "null";
    case Token::kBeginArray: return "an array";
    case Token::kBeginObject: return "an object";
    default: return "something else";
  }
}

}  // namespace

// Takes a step of the path for as long as it lives.
class JsonEncoder::Descent {
 public:
  Descent(JsonEncoder& encoder, Step step) : encoder_(encoder), step_(step) {
    step_.parent = encoder.step_;
    encoder.step_ = &step_;
  }
  ~Descent() { encoder_.step_ = step_.parent; }
  Descent(const Descent&) = delete;
  Descent& operator=(const Descent&) = delete;

 private:
  JsonEncoder& encoder_;
  Step step_;
};

Result<void> JsonEncoder::run() {
  const size_t start = out_.size();
  reader_.next();
  if (value(0) && reader_.next() == Token::kEnd && check_empty_items(out_.size() - start)) return {};
  out_.resize(start);
  return omashu::fail(reader_.token() == Token::kError ? reader_.error() : std::move(error_));
}

bool JsonEncoder::value(uint32_t index) {
  const EncodeNode& node = plan_.nodes[index];
  const Node& type = *node.schema;
  switch (type.type) {
    case Type::kNull: return reader_.token() == Token::kNull || expected("null");
    case Type::kBoolean:
      if (reader_.token() != Token::kTrue && reader_.token() != Token::kFalse) return expected("true or false");
      out_ += reader_.token() == Token::kTrue ? '\1' : '\0';
      return true;
    case Type::kInt:
    case Type::kLong: return integer(type);
    case Type::kFloat:
    case Type::kDouble: return real(type);
    case Type::kString: return string(type);
    case Type::kBytes:
    case Type::kFixed: return bytes(type);
    case Type::kEnum: return enumeration(type);
    case Type::kUnion: return union_value(node);
    default: break;
  }
  return bounded([&] {
    return type.type == Type::kRecord ? record(node) : type.type == Type::kMap ? map(node) : array(node);
  });
}

// ---- arrays and maps

// The count comes before the items, and is known only after them. Nearly always it has one byte.
void JsonEncoder::insert_count(size_t start, size_t count) {
  if (count == 0) return;
  char bytes[kMaxVarintBytes];
  const auto size = static_cast<size_t>(write_varint(bytes, zigzag_encode(static_cast<int64_t>(count))) - bytes);
  out_.replace(start, 1, bytes, size);
  out_ += '\0';
}

bool JsonEncoder::array(const EncodeNode& node) {
  if (reader_.token() != Token::kBeginArray) return expected("an array");
  const size_t start = out_.size();
  out_ += '\0';
  size_t count = 0;
  for (; reader_.next() != Token::kEndArray; ++count) {
    const Descent descent(*this, {.index = count});
    const size_t before = out_.size();
    if (!value(node.items)) return false;
    empty_items_ += out_.size() == before ? 1 : 0;
  }
  insert_count(start, count);
  return true;
}

// What is written can be read: a decoder refuses many items that take no bytes, since a few bytes could claim any
// number.
bool JsonEncoder::check_empty_items(size_t datum_bytes) {
  if (empty_items_ <= max_empty_items(datum_bytes)) return true;
  return fail(fmt::format("{} items that take no bytes are more than a reader accepts", empty_items_));
}

bool JsonEncoder::map(const EncodeNode& node) {
  if (reader_.token() != Token::kBeginObject) return expected("an object");
  reader_.next();
  const size_t start = out_.size();
  out_ += '\0';
  std::vector<Span> keys;
  for (; reader_.token() == Token::kName; reader_.next()) {
    const std::string_view key = reader_.text();
    append_long(out_, static_cast<int64_t>(key.size()));
    keys.push_back({.start = out_.size(), .size = key.size()});
    out_ += key;
    // The key's text goes with the next token: the path looks at what is in the output.
    const Descent descent(*this, {.index = keys.back().start, .key_size = key.size(), .is_key = true});
    reader_.next();
    if (!value(node.items)) return false;
  }
  if (reader_.token() != Token::kEndObject) return false;
  if (!check_keys(keys)) return false;
  insert_count(start, keys.size());
  return true;
}

// No key twice: what a reader would keep of the two is anyone's guess.
bool JsonEncoder::check_keys(const std::vector<Span>& keys) {
  if (keys.size() < 2) return true;
  std::vector<std::string_view> names;
  names.reserve(keys.size());
  for (const Span& key : keys) names.push_back(std::string_view(out_).substr(key.start, key.size));
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  return twice == names.end() || fail(fmt::format("the key \"{}\" is there twice", *twice));
}

// ---- records

bool JsonEncoder::record(const EncodeNode& node) {
  if (reader_.token() != Token::kBeginObject) return expected(fmt::format("an object ({})", node.schema->full_name));
  reader_.next();
  const std::vector<Field>& fields = node.schema->fields;
  const size_t start = out_.size();
  const size_t first_span = spans_.size();
  spans_.resize(first_span + fields.size());
  bool in_order = true;
  size_t next = 0;  // the field after the last one
  for (; reader_.token() == Token::kName; reader_.next()) {
    const std::string_view name = reader_.text();
    if (next >= fields.size() || fields[next].name != name) {
      const Field* field = node.schema->find_field(name);
      if (field == nullptr) {
        return unknown_field(node);
      }
      next = static_cast<size_t>(field - fields.data());
      in_order = false;
    }
    const Descent descent(*this, {.name = fields[next].name});
    if (spans_[first_span + next].start != Span::kMissing) return fail("this field is there twice");
    const size_t field_start = out_.size();
    reader_.next();
    if (!value(node.parts[next])) return false;
    spans_[first_span + next] = {.start = field_start, .size = out_.size() - field_start};
    ++next;
  }
  if (reader_.token() != Token::kEndObject) return false;
  const bool complete = in_order && next == fields.size();
  if (!complete && !finish_record(node, first_span, start)) return false;
  spans_.resize(first_span);
  return true;
}

bool JsonEncoder::unknown_field(const EncodeNode& node) {
  std::vector<std::string> names;
  for (const Field& field : node.schema->fields) names.push_back(field.name);
  return fail(fmt::format("{} has no field \"{}\"{}", node.schema->full_name, shorten(reader_.text()),
                          did_you_mean(reader_.text(), names)));
}

// Brings the fields into the schema's order, and puts defaults where there are none: all are written once more behind
// themselves, and what was there before is dropped.
bool JsonEncoder::finish_record(const EncodeNode& node, size_t first_span, size_t start) {
  const size_t end = out_.size();
  for (size_t i = 0; i < node.parts.size(); ++i) {
    const Span& span = spans_[first_span + i];
    if (span.start != Span::kMissing) {
      out_.append(out_, span.start, span.size);
    } else if (node.has_default[i]) {
      out_ += node.defaults[i];
    } else {
      const Descent descent(*this, {.name = node.schema->fields[i].name});
      return fail(fmt::format("this field of {} is missing, and it has no default", node.schema->full_name));
    }
  }
  out_.erase(start, end - start);
  return true;
}

// ---- errors

bool JsonEncoder::expected(std::string_view what) {
  return fail(fmt::format("expected {}, found {}", what, describe_token(reader_)));
}

bool JsonEncoder::fail_with_found(const std::string& problem) {
  return fail(fmt::format("{}, found {}", problem, describe_token(reader_)));
}

bool JsonEncoder::fail(std::string message) {
  if (reader_.token() == Token::kError) return false;  // that is the error to be reported
  if (error_.message.empty()) {
    error_ = {ErrorCode::kInvalidArgument, fmt::format("{}: {}", path(), message),
              json::position_at(json_, reader_.offset())};
  }
  return false;
}

std::string JsonEncoder::path() const {
  std::vector<const Step*> steps;
  for (const Step* step = step_; step != nullptr; step = step->parent) steps.push_back(step);
  std::string path = "$";
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    if (!(*step)->name.empty()) {
      path += '.';
      path += (*step)->name;
    } else if ((*step)->is_key) {
      path += fmt::format("[\"{}\"]", shorten({out_.data() + (*step)->index, (*step)->key_size}));
    } else {
      path += fmt::format("[{}]", (*step)->index);
    }
  }
  return path;
}

// ---- the public face

struct Encoder::Plan {
  EncodePlan plan;
};

Result<Encoder> Encoder::compile(const Schema& schema) {
  auto plan = compile_encode_plan(schema);
  if (!plan) return omashu::fail(std::move(plan.error()));
  return Encoder(std::make_shared<const Plan>(Plan{std::move(*plan)}));
}

Result<void> Encoder::from_json(std::string_view json, std::string& out, JsonForm form) const {
  if (JsonFastEncoder(plan_->plan, json, form, out).run()) return {};
  return JsonEncoder(plan_->plan, json, form, out).run();
}

}  // namespace omashu::avro
