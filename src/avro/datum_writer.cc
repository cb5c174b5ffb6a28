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

class DatumWriter {
 public:
  explicit DatumWriter(std::string& out) : out_(out) {
    const size_t start = out.size();
    out.resize_and_overwrite(std::max(out.capacity(), start + 256), [](char*, size_t size) { return size; });
    to_ = out.data() + start;
    limit_ = out.data() + out.size();
  }

  void finish() { out_.resize(written()); }

  // Recursion is bounded: what was decoded is nested no deeper than a program allows.
  void write(const Node& declared, const Slot& slot) {
    const Node* type = &declared;
    if (type->type == Type::kUnion) {
      put_long(slot.branch);
      type = type->branches[slot.branch];
    }
    switch (type->type) {
      case Type::kNull:
      case Type::kUnion: return;
      case Type::kBoolean:
        need(1);
        *to_++ = slot.integer != 0 ? '\1' : '\0';
        return;
      case Type::kInt:
      case Type::kLong:
      case Type::kEnum: return put_long(slot.integer);
      case Type::kFloat: return put_raw(narrow(slot.real));
      case Type::kDouble: return put_raw(slot.real);
      case Type::kBytes:
      case Type::kString: return put_bytes(slot);
      case Type::kFixed:
        need(slot.size);
        to_ = copy_bytes(to_, slot.bytes, slot.size);
        return;
      case Type::kRecord: {
        const Slot* field_slot = slot.stride == 0 ? slot.slots : &slot + slot.integer;
        for (const Field& field : type->fields) write(*field.type, *field_slot++);
        return;
      }
      case Type::kArray:
      case Type::kMap: return write_items(*type, slot);
    }
  }

 private:
  void write_items(const Node& type, const Slot& slot) {
    if (slot.size > 0) put_long(slot.size);
    const Slot* item = slot.slots;
    for (uint32_t i = 0; i < slot.size; ++i, item += slot.stride) {
      if (type.type == Type::kMap) put_bytes(item[0]);
      write(*type.items, item[type.type == Type::kMap ? 1 : 0]);
    }
    put_long(0);
  }

  void put_long(int64_t value) {
    need(kMaxVarintBytes);
    to_ = write_varint(to_, zigzag_encode(value));
  }
  void put_bytes(const Slot& slot) {
    need(kMaxVarintBytes + slot.size);
    to_ = write_varint(to_, zigzag_encode(slot.size));
    to_ = copy_bytes(to_, slot.bytes, slot.size);
  }
  template <class T>
  void put_raw(T value) {
    need(sizeof value);
    std::memcpy(to_, &value, sizeof value);
    to_ += sizeof value;
  }

  size_t written() const { return static_cast<size_t>(to_ - out_.data()); }
  void need(size_t size) {
    if (static_cast<size_t>(limit_ - to_) < size) [[unlikely]]
      grow(size);
  }
  [[gnu::noinline]] void grow(size_t size) {
    const size_t used = written();
    out_.resize_and_overwrite(std::max(2 * out_.size(), used + size), [](char*, size_t bytes) { return bytes; });
    to_ = out_.data() + used;
    limit_ = out_.data() + out_.size();
  }

  std::string& out_;  // larger than its content until finish()
  char* to_;
  char* limit_;
};

}  // namespace

void append_datum(const Datum& datum, std::string& out) {
  DatumWriter writer(out);
  writer.write(*datum.declared_, *datum.slot_);
  writer.finish();
}

}  // namespace omashu::avro
