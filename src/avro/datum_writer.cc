// A decoded value back in binary form.

#include <algorithm>
#include <cstring>
#include <string>

#include "avro/copy_bytes.h"
#include "avro/datum.h"
#include "avro/float_widening.h"
#include "avro/varint.h"

namespace omashu::avro {

namespace {

// The end of what is written is handed from call to call, so that it stays in a register.
class DatumWriter {
 public:
  explicit DatumWriter(std::string& out) : out_(out), start_(out.size()) {}

  void run(const Node& declared, const Slot& slot) {
    out_.resize_and_overwrite(std::max(out_.capacity(), start_ + 256), [](char*, size_t size) { return size; });
    limit_ = out_.data() + out_.size();
    char* const end = write(need(out_.data() + start_, kMaxScalar), declared, slot);
    out_.resize(static_cast<size_t>(end - out_.data()));
  }

 private:
  // The branch of a union, and a number: what there is room for before each value.
  static constexpr size_t kMaxScalar = 2 * kMaxVarintBytes;

  // Inlined into the loops over fields and items, which are called once for each record, array and map. Recursion is
  // bounded: what was decoded is nested no deeper than a program allows.
  [[gnu::always_inline]] char* write(char* to, const Node& declared, const Slot& slot) {
    const Node* type = &declared;
    if (type->type == Type::kUnion) {
      to = write_varint(to, zigzag_encode(slot.branch));
      type = type->branches[slot.branch];
    }
    switch (type->type) {
      case Type::kNull:
      case Type::kUnion: return to;
      case Type::kBoolean: *to = slot.integer != 0 ? '\1' : '\0'; return to + 1;
      case Type::kInt:
      case Type::kLong:
      case Type::kEnum: return write_varint(to, zigzag_encode(slot.integer));
      case Type::kFloat: return write_raw(to, narrow(slot.real));
      case Type::kDouble: return write_raw(to, slot.real);
      case Type::kBytes:
      case Type::kString: return write_bytes(to, slot);
      case Type::kFixed: return copy_bytes(need(to, slot.size), slot.bytes, slot.size);
      case Type::kRecord: return write_record(to, *type, slot);
      case Type::kArray:
      case Type::kMap: return write_items(to, *type, slot);
    }
    return to;
  }

  [[gnu::noinline]] char* write_record(char* to, const Node& type, const Slot& slot) {
    const Slot* field_slot = slot.stride == 0 ? slot.slots : &slot + slot.integer;
    for (const Field& field : type.fields) to = write(need(to, kMaxScalar), *field.type, *field_slot++);
    return to;
  }

  [[gnu::noinline]] char* write_items(char* to, const Node& type, const Slot& slot) {
    if (slot.size > 0) to = write_varint(to, zigzag_encode(slot.size));
    const Slot* item = slot.slots;
    for (uint32_t i = 0; i < slot.size; ++i, item += slot.stride) {
      to = need(to, kMaxScalar);
      if (type.type == Type::kMap) to = need(write_bytes(to, item[0]), kMaxScalar);
      to = write(to, *type.items, item[type.type == Type::kMap ? 1 : 0]);
    }
    to = need(to, 1);
    *to = '\0';
    return to + 1;
  }

  char* write_bytes(char* to, const Slot& slot) {
    to = need(to, kMaxVarintBytes + slot.size);
    return copy_bytes(write_varint(to, zigzag_encode(slot.size)), slot.bytes, slot.size);
  }
  template <class T>
  static char* write_raw(char* to, T value) {
    std::memcpy(to, &value, sizeof value);
    return to + sizeof value;
  }

  // Where to write, with room for `size` bytes.
  char* need(char* to, size_t size) {
    if (static_cast<size_t>(limit_ - to) < size) [[unlikely]]
      return grow(to, size);
    return to;
  }
  [[gnu::noinline]] char* grow(const char* to, size_t size) {
    const auto used = static_cast<size_t>(to - out_.data());
    out_.resize_and_overwrite(std::max(2 * out_.size(), used + size), [](char*, size_t bytes) { return bytes; });
    limit_ = out_.data() + out_.size();
    return out_.data() + used;
  }

  std::string& out_;  // larger than its content while run() is
  const size_t start_;
  char* limit_ = nullptr;
};

}  // namespace

void append_datum(const Datum& datum, std::string& out) { DatumWriter(out).run(*datum.declared_, *datum.slot_); }

}  // namespace omashu::avro
