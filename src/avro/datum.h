// A decoded value as programs look at it: views into the bytes that it was decoded from, and flat 16-byte slots in an
// arena. For reading some fields of a record without JSON.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "avro/arena.h"
#include "avro/program.h"
#include "avro/schema.h"
#include "omashu/result.h"

namespace omashu::avro {

// One value. What the union holds depends on the type; a null has nothing.
struct Slot {
  union {
    int64_t integer;    // boolean, int, long, enum (index of the symbol); record in line: slots from here to its fields
    double real;        // float (widened: avro/float_widening.h), double
    const char* bytes;  // string, bytes, fixed
    Slot* slots;        // record, array, map
  };
  uint32_t size;    // bytes; items
  uint16_t branch;  // of the union that the value is in
  uint16_t stride;  // slots of an item; record: 0 where `slots` holds, else `integer` does
};
static_assert(sizeof(Slot) == 16);

// A view of one value. Unions are looked through: type() is that of the branch. It lives as long as the bytes, the
// arena's content and the decoder do. A call that does not suit the type is a bug.
class Datum {
 public:
  Datum(const Node& declared, const Slot& slot) : declared_(&declared), slot_(&slot) {}

  const Node& type() const {
    return declared_->type == Type::kUnion ? *declared_->branches[slot_->branch] : *declared_;
  }
  const Node& declared_type() const { return *declared_; }  // maybe a union
  size_t branch() const { return slot_->branch; }           // of a union

  bool is_null() const { return type().type == Type::kNull; }
  bool as_boolean() const { return slot_->integer != 0; }
  int64_t as_long() const { return slot_->integer; }                         // int, long; of an enum the symbol's index
  double as_double() const { return slot_->real; }                           // float, double
  std::string_view as_bytes() const { return {slot_->bytes, slot_->size}; }  // string, bytes, fixed
  std::string_view as_string() const;                                        // string; of an enum the symbol

  size_t size() const { return type().type == Type::kRecord ? type().fields.size() : slot_->size; }
  Datum field(size_t index) const;           // record
  Datum item(size_t index) const;            // array
  std::string_view key(size_t index) const;  // map
  Datum map_value(size_t index) const;       // map

  // A record's field or a map's entry, by name; nothing where there is none, or this is neither.
  std::optional<Datum> find(std::string_view name) const;

  // The same by a path: "source.url".
  std::optional<Datum> find_path(std::string_view path) const;

  // A value without parts as people write it, without quotes: FAILED, 3, 1.5, 2024-02-29T00:00:00.000Z, null.
  // Nothing of records, arrays and maps.
  std::optional<std::string> text() const;

  // Whether `text` means this value: its text, or a number equal to it.
  bool equals_text(std::string_view text) const;

 private:
  friend void append_datum(const Datum& datum, std::string& out);
  const Slot& item_slot(size_t index, size_t part) const;

  const Node* declared_;
  const Slot* slot_;
};

// Appends a value in the binary form of the schema that it was read with.
void append_datum(const Datum& datum, std::string& out);

// A value with all that it needs to live.
class OwnedDatum {
 public:
  const Datum& operator*() const { return content_->root; }
  const Datum* operator->() const { return &content_->root; }

 private:
  friend class GenericDecoder;
  struct Content {
    Schema schema;
    std::shared_ptr<const Program> program;  // holds the defaults
    std::string bytes;
    Arena arena;
    Datum root;
  };
  explicit OwnedDatum(std::shared_ptr<const Content> content) : content_(std::move(content)) {}
  std::shared_ptr<const Content> content_;
};

// Compiled once for a writer's schema and the schema that its data is seen through; may be shared by threads, each
// with an arena of its own.
class GenericDecoder {
 public:
  // With `any_root_name` two named types at the top go together whatever their names are.
  static Result<GenericDecoder> compile(const Schema& writer, const Schema& reader, bool any_root_name = false);
  static Result<GenericDecoder> compile(const Schema& schema) { return compile(schema, schema); }

  // `bytes` must be exactly one datum. Resets the arena first: what was decoded into it before is gone.
  Result<Datum> decode(std::string_view bytes, Arena& arena) const;

  // The same without the reset: for many data at once, which live until the arena is reset by its owner.
  Result<Datum> decode_beside_others(std::string_view bytes, Arena& arena) const;

  Result<OwnedDatum> decode_owned(std::string bytes) const;

 private:
  GenericDecoder(Schema reader, std::shared_ptr<const Program> program)
      : reader_(std::move(reader)), program_(std::move(program)) {}

  Schema reader_;
  std::shared_ptr<const Program> program_;
};

}  // namespace omashu::avro
