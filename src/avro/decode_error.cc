// What went wrong with a datum, in words: worked out only when something did.

#include <fmt/core.h>

#include <string>

#include "avro/interpreter.h"

namespace omashu::avro {

namespace {

// Keys are foreign text: a long one is cut.
constexpr size_t kMaxKeyInPath = 64;

void append_place(const Program& program, uint32_t place, std::string& path) {
  if (place == 0) return;
  append_place(program, program.places[place].parent, path);
  path += '.';
  path += program.literal(program.places[place].field);
}

std::string path_of(const Program& program, StoppedAt at, const OpenFrame* frames, size_t depth) {
  const uint32_t op = at.op;
  std::string path = "$";
  for (size_t i = 0; i < depth; ++i) {
    append_place(program, program.places_of_ops[frames[i].op], path);
    const OpCode code = program.ops[frames[i].op].code;
    if (code == OpCode::kCall || code == OpCode::kSkipCall || frames[i].index == 0 || op == frames[i].op) continue;
    if (code == OpCode::kMap) {
      path += fmt::format("[\"{}\"]", frames[i].key.substr(0, kMaxKeyInPath));
    } else {
      path += fmt::format("[{}]", frames[i].index - 1);
    }
  }
  // The places of a run are one after the other.
  if (depth == 0 || op != frames[depth - 1].op) append_place(program, program.places_of_ops[op] + at.of_run, path);
  return path;
}

std::string reason(const Program& program, const Op& op, Failure failure) {
  switch (failure) {
    case Failure::kNone: break;
    case Failure::kTruncated: return "the data ends here, in the middle of a value";
    case Failure::kVarintTooLong: return "a number of more than 64 bits";
    case Failure::kIntRange: return "an int beyond 32 bits";
    case Failure::kBoolean: return "a boolean that is neither 0 nor 1";
    case Failure::kLength: return "a length that is negative or more than the bytes left";
    case Failure::kUtf8: return "a string that is not UTF-8";
    case Failure::kEnumIndex: return fmt::format("an enum index outside of its {} symbols", op.n);
    case Failure::kUnknownSymbol: return "an enum symbol that the reader's schema has not, without a default";
    case Failure::kBranchIndex:
      return fmt::format("a union branch outside of its {}", op.code == OpCode::kUnion ? op.n : 2);
    case Failure::kItemCount: return "more items than the bytes left can hold";
    case Failure::kTooDeep: return fmt::format("nested deeper than {} levels", kMaxNesting);
    case Failure::kTooMuch: return "a value out of all proportion to its bytes";
    case Failure::kMismatch: return std::string(program.literal({op.x, op.n}));
    case Failure::kTrailingBytes: return "bytes left over after the datum";
  }
  return "unreadable data";
}

}  // namespace

Error describe_failure(const Program& program, StoppedAt at, const BinaryReader& in, const OpenFrame* frames,
                       size_t depth) {
  return {ErrorCode::kCorrupt,
          fmt::format("{}: {} (byte {})", path_of(program, at, frames, depth),
                      reason(program, program.ops[at.op], in.failure()), in.offset()),
          std::nullopt};
}

}  // namespace omashu::avro
