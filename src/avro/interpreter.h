// The loop that runs a program over one datum, for each sink that something can be made of it.
//
// A Sink has:
//   void text(const Op&)                               JSON that comes before what the op writes
//   void boolean|integer|real|real32(const Op&, value)
//   void bytes(const Op&, string_view)                 bytes and fixed
//   void logical(const Op&, int64_t)                   of a logical type that has a text
//   void logical(const Op&, string_view, const Program&)
//   bool string(const Op&, string_view)                false: not UTF-8
//   bool enumeration(const Op&, uint32_t, const Program&)  false: the reader has no such symbol
//   void null(const Op&), branch(const Op&), record(const Op&), mark(), reorder(const Op&, const Program&),
//        tag_if_misread(const Op&, const Program&)
//   bool begin_call(const Op&, Frame&); void end_call(Frame&)
//   void begin_items(const Op&, Frame&); bool next_item(const Op&, Frame&, uint64_t index); void end_items(...)
//   bool key(string_view)
// and a type Frame, what it must remember while a call or a loop is open. The functions that return bool without a word
// above return false where they are out of memory.

#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "avro/binary_reader.h"
#include "avro/program.h"
#include "omashu/result.h"

namespace omashu::avro {

// An open call, array or map, as an error message needs it.
struct OpenFrame {
  uint32_t op = 0;
  uint64_t index = 0;    // items begun
  std::string_view key;  // of a map's last entry
};

// The error for a program that stopped at `op`: the path of the field, what is wrong, and the byte.
Error describe_failure(const Program& program, uint32_t op, const BinaryReader& in, const OpenFrame* frames,
                       size_t depth);

template <class Sink>
class Interpreter {
 public:
  Interpreter(const Program& program, Sink& sink) : program_(program), sink_(sink) {}

  // Runs over `bytes`, which must be exactly one datum.
  Result<void> run(std::string_view bytes);

 private:
  struct Frame {
    const Op* op;        // the call or the loop
    uint64_t remaining;  // items of the current block not begun
    uint64_t index;      // items begun
    const char* key;     // of the map's entry that is open
    size_t key_size;
    typename Sink::Frame sink;
  };

  const Op* push(const Op* op, BinaryReader& in);
  const Op* next_item(BinaryReader& in);
  void read_block(const Op& loop, BinaryReader& in, Frame& frame);
  void spend(uint64_t count, BinaryReader& in);
  Error failure(const Op* op, const BinaryReader& in) const;

  const Program& program_;
  Sink& sink_;
  size_t depth_ = 0;
  uint64_t empty_items_left_ = 0;
  std::array<Frame, kMaxNesting> frames_;
};

template <class Sink>
Result<void> Interpreter<Sink>::run(std::string_view bytes) {
  BinaryReader in(bytes);
  BinaryReader outside_default(bytes);
  empty_items_left_ = max_empty_items(bytes.size());
  Sink& sink = sink_;
  const Op* const ops = program_.ops.data();
  const Op* op = ops;
  for (;;) {
    if (in.failed()) [[unlikely]] {
      return omashu::fail(failure(op, in));
    }
    sink.text(*op);
    switch (op->code) {
      case OpCode::kEnd:
        if (in.remaining() == 0) [[likely]]
          return {};
        in.fail(Failure::kTrailingBytes);
        continue;
      case OpCode::kCall: {
        const Op* routine = push(op, in);
        if (in.failed()) continue;
        spend(1, in);
        if (!sink.begin_call(*op, frames_[depth_ - 1].sink)) in.fail(Failure::kTooMuch);
        if (!in.failed()) op = routine;
        continue;
      }
      case OpCode::kSkipCall: {
        const Op* routine = push(op, in);
        if (in.failed()) continue;
        spend(1, in);
        if (!in.failed()) op = routine;
        continue;
      }
      case OpCode::kReturn:
        --depth_;
        if (frames_[depth_].op->code == OpCode::kCall) sink.end_call(frames_[depth_].sink);
        op = frames_[depth_].op + 1;
        continue;
      case OpCode::kJump: op = ops + op->x; continue;

      case OpCode::kLiteral: break;
      case OpCode::kBeginDefault:
        outside_default = in;
        in = BinaryReader(program_.literal({op->x, op->n}));
        break;
      case OpCode::kEndDefault: in = outside_default; break;
      case OpCode::kRecord: sink.record(*op); break;
      case OpCode::kMark: sink.mark(); break;
      case OpCode::kReorder: sink.reorder(*op, program_); break;
      case OpCode::kMismatch: in.fail(Failure::kMismatch); continue;

      case OpCode::kBoolean: sink.boolean(*op, in.read_boolean()); break;
      case OpCode::kInt: sink.integer(*op, in.read_int()); break;
      case OpCode::kLong: sink.integer(*op, in.read_long()); break;
      case OpCode::kFloat: sink.real32(*op, in.read_float()); break;
      case OpCode::kDouble: sink.real(*op, in.read_double()); break;
      case OpCode::kBytes: sink.bytes(*op, in.read_bytes()); break;
      case OpCode::kString: {
        const BinaryReader before = in;
        if (!sink.string(*op, in.read_bytes())) [[unlikely]]
          in = before, in.fail(Failure::kUtf8);
        break;
      }
      case OpCode::kFixed: sink.bytes(*op, in.read_fixed(op->n)); break;
      case OpCode::kEnum: {
        const uint32_t index = in.read_index(op->n, Failure::kEnumIndex);
        if (!sink.enumeration(*op, index, program_)) [[unlikely]]
          in.fail(Failure::kUnknownSymbol);
        break;
      }
      case OpCode::kIntText: sink.logical(*op, in.read_int()); break;
      case OpCode::kLongText: sink.logical(*op, in.read_long()); break;
      case OpCode::kBytesText:
      case OpCode::kFixedText: {
        const std::string_view value = op->code == OpCode::kBytesText ? in.read_bytes() : in.read_fixed(op->n);
        if (!in.failed()) [[likely]]
          sink.logical(*op, value, program_);
        break;
      }
      case OpCode::kIntToFloat: sink.real32(*op, static_cast<float>(in.read_int())); break;
      case OpCode::kIntToDouble: sink.real(*op, in.read_int()); break;
      case OpCode::kLongToFloat: sink.real32(*op, static_cast<float>(in.read_long())); break;
      case OpCode::kLongToDouble: sink.real(*op, static_cast<double>(in.read_long())); break;
      case OpCode::kFloatToDouble: sink.real(*op, in.read_float()); break;

      case OpCode::kUnion: {
        const uint32_t branch = in.read_index(op->n, Failure::kBranchIndex);
        if (in.failed()) [[unlikely]]
          continue;
        op = ops + program_.tables[op->x + branch];
        continue;
      }
      case OpCode::kOptional:
        if (in.read_index(2, Failure::kBranchIndex) == op->detail) {
          if (in.failed()) [[unlikely]]
            continue;
          sink.null(*op);
          op = ops + op->x;
          continue;
        }
        if (in.failed()) [[unlikely]]
          continue;
        break;
      case OpCode::kBranch: sink.branch(*op); break;
      case OpCode::kTagIfMisread: sink.tag_if_misread(*op, program_); break;

      case OpCode::kArray:
      case OpCode::kMap:
        push(op, in);
        if (in.failed()) [[unlikely]]
          continue;
        sink.begin_items(*op, frames_[depth_ - 1].sink);
        op = next_item(in);
        continue;
      case OpCode::kSkipArray:
      case OpCode::kSkipMap:
        push(op, in);
        if (in.failed()) [[unlikely]]
          continue;
        [[fallthrough]];
      case OpCode::kItemEnd: op = next_item(in); continue;

      case OpCode::kSkipLong: in.read_long(); break;
      case OpCode::kSkipBytes: in.read_bytes(); break;
      case OpCode::kSkipFixed: in.read_fixed(op->n); break;
    }
    if (!in.failed()) [[likely]]
      ++op;
  }
}

// Opens a frame. The first op of a routine is where to go on after a call.
template <class Sink>
const Op* Interpreter<Sink>::push(const Op* op, BinaryReader& in) {
  if (depth_ == kMaxNesting) [[unlikely]] {
    in.fail(Failure::kTooDeep);
    return op;
  }
  Frame& frame = frames_[depth_++];
  frame.op = op;
  frame.remaining = 0;
  frame.index = 0;
  return program_.ops.data() + op->x;
}

// The op to go on with: the first of the next item, or the one after the loop.
template <class Sink>
const Op* Interpreter<Sink>::next_item(BinaryReader& in) {
  Frame& frame = frames_[depth_ - 1];
  const Op& loop = *frame.op;
  const bool skipped = loop.code == OpCode::kSkipArray || loop.code == OpCode::kSkipMap;
  if (frame.remaining == 0) {
    read_block(loop, in, frame);
    if (in.failed()) [[unlikely]]
      return &loop + 1;
    if (frame.remaining == 0) {
      if (!skipped) sink_.end_items(loop, frame.sink, frame.index);
      --depth_;
      return program_.ops.data() + loop.x;
    }
  }
  --frame.remaining;
  if (!skipped && !sink_.next_item(loop, frame.sink, frame.index)) [[unlikely]]
    in.fail(Failure::kTooMuch);
  ++frame.index;
  if (loop.code == OpCode::kMap) {
    const BinaryReader before = in;
    const std::string_view key = in.read_bytes();
    frame.key = key.data();
    frame.key_size = key.size();
    if (!in.failed() && !sink_.key(key)) [[unlikely]]
      in = before, in.fail(Failure::kUtf8);
  } else if (loop.code == OpCode::kSkipMap) {
    in.read_bytes();
  }
  return &loop + 1;
}

// Reads the head of a block. A negative count is followed by the block's size in bytes, by which a block that nobody
// reads is passed over. `remaining` is 0 at the end.
template <class Sink>
void Interpreter<Sink>::read_block(const Op& loop, BinaryReader& in, Frame& frame) {
  const bool skipped = loop.code == OpCode::kSkipArray || loop.code == OpCode::kSkipMap;
  for (;;) {
    const int64_t count = in.read_long();
    uint64_t items = static_cast<uint64_t>(count);
    if (count < 0) {
      items = 0 - items;  // of INT64_MIN too
      const int64_t size = in.read_long();
      if (size < 0 || static_cast<uint64_t>(size) > in.remaining()) return in.fail(Failure::kLength);
      if (skipped) {
        in.read_fixed(static_cast<size_t>(size));
        continue;
      }
    }
    if (loop.n == 0) {
      spend(items, in);
    } else if (items > in.remaining() / loop.n) {
      in.fail(Failure::kItemCount);
    }
    frame.remaining = in.failed() ? 0 : items;
    return;
  }
}

template <class Sink>
void Interpreter<Sink>::spend(uint64_t count, BinaryReader& in) {
  if (count > empty_items_left_) [[unlikely]] {
    in.fail(Failure::kTooMuch);
  } else {
    empty_items_left_ -= count;
  }
}

template <class Sink>
[[gnu::noinline]] Error Interpreter<Sink>::failure(const Op* op, const BinaryReader& in) const {
  std::array<OpenFrame, kMaxNesting> frames;
  for (size_t i = 0; i < depth_; ++i) {
    const Frame& frame = frames_[i];
    frames[i].op = static_cast<uint32_t>(frame.op - program_.ops.data());
    frames[i].index = frame.index;
    if (frame.op->code == OpCode::kMap && frame.index > 0) frames[i].key = {frame.key, frame.key_size};
  }
  return describe_failure(program_, static_cast<uint32_t>(op - program_.ops.data()), in, frames.data(), depth_);
}

}  // namespace omashu::avro
