// What a (writer, reader) pair of schemas compiles to: a flat array of 16-byte ops without a pointer in it. Literals,
// jump tables and field names stand in side tables and are named by offset. Immutable once compiled. A program for
// plain JSON needs the reader's schema for as long as it lives.
//
// What the interpreter relies on, and the compiler guarantees:
// - The last op of the root is kEnd, that of a routine kReturn, that of a loop's body kItemEnd. Every jump, call and
//   loop leads to an op of the same program, so the loop never has to look whether an op is there.
// - Tables have an entry for each index that an op may look up: `n` of a kEnum or kUnion bounds what the data says.
// - A loop's `n` is not more than the fewest bytes of an item, so items that are counted against the bytes left are
//   there. Where it is 0, items are counted against a budget instead (max_empty_items).
// - Slots: `at` (and `at` + run length - 1) is within the region of the routine, loop or root that the op belongs to.
// - JSON: `at` and `size` are a literal of `literals`, which may be read for kLiteralStep bytes beyond its end.
// - Ops are fused for slots only (program_builder.h): what a fused op does is what its parts would do one by one, and
//   an error in it names the field that its part would have named.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace omashu::avro {

struct Node;

// What a program makes of a datum. Each target has a program of its own, since the ops carry what their sink needs.
enum class Target : uint8_t { kSlots, kPlainJson, kAvroJson };

// Every op may have a literal, which JSON writes before the value: names, braces and commas of all that came since the
// last op. `n`, `x` and `detail` mean what the list says; where it says nothing they are 0.
enum class OpCode : uint8_t {
  kEnd,     // of the program
  kCall,    // x: first op of a routine; n: slots that it fills
  kReturn,  //
  kJump,    // x: where to

  kLiteral,       // the literal alone
  kBeginDefault,  // x, n: offset and length, in literals, of the binary datum that the next ops read
  kEndDefault,    //
  kRecord,        // slots: the record at `slot` has its n fields from the slot x on
  kMark,          // JSON: what a later kReorder or kTagIfMisread is about starts here
  kReorder,       // JSON: n fields are marked; tables[x + i] is the marked one that the reader has i-th
  kMismatch,      // fails; x, n: offset and length of the reason in literals

  // Slots: n is the length of a run, that many fields of one type in line, each in the slot (and of the place) after
  // the one before. JSON: 1.
  kBoolean,
  kInt,
  kLong,
  kFloat,
  kDouble,
  kString,

  kBytes,
  kFixed,  // n: bytes
  kEnum,   // n: symbols of the writer; x: slots: table of the reader's indexes (kNone: the same); JSON: of the literals

  // Values that plain JSON writes as text. detail: the LogicalType.
  kIntText,
  kLongText,
  kBytesText,  // x: tables[x] is the scale of a decimal, tables[x + 1] its precision
  kFixedText,  // n: bytes; x: as above

  // Promotions that change the value's form.
  kIntToFloat,
  kIntToDouble,
  kLongToFloat,
  kLongToDouble,
  kFloatToDouble,

  kUnion,   // n: branches of the writer; x: jump table
  kBranch,  // slots: the reader's branch n is the one taken

  // A union of null and one more. detail: see OptionalDetail; x: where to go on after a null; slots: size is the
  // reader's branch of what is not null.
  kOptional,
  // Slots: the same with the op of the value in it, whose n and x are meant.
  kOptionalInt,
  kOptionalLong,
  kOptionalDouble,
  kOptionalString,
  kOptionalEnum,

  // JSON: what was written since the last mark is a bare value of branch n. It is tagged where it would be read as
  // another branch. tables[x]: which of `unions`; then offset and length, in literals, of the tag.
  kTagIfMisread,

  kArray,        // x: op after the loop; n: fewest bytes of an item; size: slots of an item
  kMap,          // the same
  kItemEnd,      // closes the loop
  kDoubleArray,  // slots: an array of double without a body; n: 8; size: 1

  kSkipLong,
  kSkipBytes,
  kSkipFixed,  // n: bytes
  kSkipCall,   // as kCall; fills nothing
  kSkipArray,  // as kArray; blocks that say their size are passed over at once
  kSkipMap,
};
inline constexpr OpCode kLastOpCode = OpCode::kSkipMap;

struct Op {
  static constexpr uint32_t kNone = UINT32_MAX;

  OpCode code = OpCode::kEnd;
  uint8_t detail = 0;
  uint16_t size = 0;  // JSON: of the literal, bytes
  uint32_t n = 0;
  uint32_t x = 0;
  uint32_t at = 0;  // JSON: offset of the literal in literals; slots: where the value goes, from the region's start
};
static_assert(sizeof(Op) == 16);

// `detail` of kOptional and its fused forms.
struct OptionalDetail {
  static constexpr uint32_t kMaxBranch = 127;

  static constexpr uint8_t pack(uint32_t null_index, uint32_t reader_branch) {
    return static_cast<uint8_t>(null_index | reader_branch << 1);
  }
  static constexpr uint32_t null_index(const Op& op) { return op.detail & 1; }    // in the writer's union
  static constexpr uint32_t null_branch(const Op& op) { return op.detail >> 1; }  // of the reader's union
};

// A piece of `literals`.
struct Literal {
  uint32_t offset = 0;
  uint32_t size = 0;
};

// Where in the schema an op is, so that an error can name the field. Place 0 is the top of a routine.
struct Place {
  uint32_t parent = 0;
  Literal field;
};

struct Program {
  // Bytes after the last literal that may be read: literals are copied in steps of this size.
  static constexpr size_t kLiteralStep = 32;

  std::vector<Op> ops;
  std::vector<uint32_t> places_of_ops;  // one for each op
  std::vector<Place> places;
  std::vector<uint32_t> tables;
  std::vector<const Node*> unions;  // of the reader's schema
  std::string literals;
  uint32_t root_slots = 0;  // slots: of the region that the root value is the first of

  std::string_view literal(Literal piece) const { return {literals.data() + piece.offset, piece.size}; }
};

// Calls, arrays and maps that may be open at once in one datum. Each is at most two levels of JSON, so that what is
// written can be read again.
inline constexpr size_t kMaxNesting = 200;

// Values that take no byte (a null in an array of nulls) which one datum may hold.
constexpr uint64_t max_empty_items(uint64_t datum_bytes) { return 65'536 + 4 * datum_bytes; }

}  // namespace omashu::avro
