// The loop that runs a program over one datum, for each sink that something can be made of it.
//
// A Sink has:
//   kFusedOps                                          whether its programs may have runs and fused ops: those for
//   slots void text(const Op&)                               JSON that comes before what the op writes void
//   boolean|integer|real|real32(const Op&, uint32_t i, value)   i: of the run bool string(const Op&, uint32_t i,
//   string_view)    false: not UTF-8 void bytes(const Op&, string_view)                 bytes and fixed void
//   logical(const Op&, int64_t)                   of a logical type that has a text void logical(const Op&,
//   string_view, const Program&) bool enumeration(const Op&, uint32_t, const Program&)  false: the reader has no such
//   symbol void null(const Op&)                               of a kOptional void branch(const Op&, uint32_t) slots:
//   the reader's branch void record(const Op&), mark(), reorder(const Op&, const Program&), tag_if_misread(const Op&,
//   const Program&) bool begin_call(const Op&, Frame&); void end_call(Frame&) void begin_items(const Op&, Frame&); void
//   end_items(const Op&, Frame&, uint64_t count) bool next_item(const Op&, Frame&, uint64_t index, uint64_t expected)
//   expected: items that the block still claims bool doubles(const Op&, Frame&, uint64_t index, string_view) of a
//   kDoubleArray: as the data has them bool key(string_view)
// and a type Frame, what it must remember while a call or a loop is open. The functions that return bool without a word
// above return false where they are out of memory.
//
// Nothing in the loop takes the address of the reader or of the sink, so that their cursors stay in registers: what a
// sink does out of line gets its cursor as a value and gives it back.

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

// Where a program stopped: the op and which one of its run.
struct StoppedAt {
  uint32_t op = 0;
  uint32_t of_run = 0;
};

// The error for a program that stopped: the path of the field, what is wrong, and the byte.
Error describe_failure(const Program& program, StoppedAt at, const BinaryReader& in, const OpenFrame* frames,
                       size_t depth);

template <class Sink>
class Interpreter {
 public:
  explicit Interpreter(const Program& program) : program_(program), stopped_in_({}), outside_default_({}) {}

  // Runs over `bytes`, which must be exactly one datum. False where they are not: error() says why. It is inlined, so
  // that the sink is never in memory: each kind of sink has one caller.
  [[nodiscard]] bool run(std::string_view bytes, Sink& sink);

  Error error() const;

 private:
  struct Frame {
    const Op* op;        // the call or the loop
    uint64_t remaining;  // items of the current block not begun
    uint64_t index;      // items begun
    const char* key;     // of the map's entry that is open
    size_t key_size;
    typename Sink::Frame sink;
  };

  bool stop(const Op* op, uint32_t of_run, BinaryReader in);
  bool push(const Op* op);
  bool read_block(const Op& loop, BinaryReader& in, Frame& frame);
  bool spend(uint64_t count);

  static bool is_skipped(const Op& loop) { return loop.code == OpCode::kSkipArray || loop.code == OpCode::kSkipMap; }
  static uint32_t run_length(const Op& op) { return Sink::kFusedOps ? op.n : 1; }

  const Program& program_;
  size_t depth_ = 0;
  uint64_t empty_items_left_ = 0;
  const Op* stopped_at_ = nullptr;
  uint32_t stopped_of_run_ = 0;
  BinaryReader stopped_in_;
  BinaryReader outside_default_;  // while a default is read in its place
  std::array<Frame, kMaxNesting> frames_;
};

template <class Sink>
[[gnu::always_inline]] inline bool Interpreter<Sink>::run(std::string_view bytes, Sink& sink) {
  BinaryReader in(bytes);
  const Op* const ops = program_.ops.data();
  const Op* op = ops;
  uint32_t of_run = 0;
  empty_items_left_ = max_empty_items(bytes.size());

  // Reads each value of a run, until one fails.
  const auto each = [&](auto read) __attribute__((always_inline)) {
    const uint32_t length = run_length(*op);
    for (of_run = 0; of_run < length; ++of_run) {
      read(of_run);
      if (in.failed()) [[unlikely]]
        return;
    }
    of_run = 0;
  };
  const auto string = [&](uint32_t i) __attribute__((always_inline)) {
    const char* const start = in.position();
    const std::string_view value = in.read_bytes();
    if (!sink.string(*op, i, value, value.size() + in.remaining())) [[unlikely]]
      in.fail_at(start, Failure::kUtf8);
  };
  const auto enumeration = [&]() __attribute__((always_inline)) {
    const uint32_t index = in.read_index(op->n, Failure::kEnumIndex);
    if (!sink.enumeration(*op, index, program_)) [[unlikely]]
      in.fail(Failure::kUnknownSymbol);
  };
  // Whether the value of an optional one follows.
  const auto optional = [&]() __attribute__((always_inline)) {
    if (in.read_index(2, Failure::kBranchIndex) == OptionalDetail::null_index(*op)) {
      sink.null(*op);
      return false;
    }
    sink.branch(*op, op->size);
    return true;
  };

  for (;;) {
    sink.text(*op);
    if (op->code > kLastOpCode) __builtin_unreachable();  // so that the jump needs no look at its table's size
    switch (op->code) {
      case OpCode::kEnd:
        if (in.remaining() == 0) [[likely]]
          return true;
        in.fail(Failure::kTrailingBytes);
        break;
      case OpCode::kCall:
      case OpCode::kSkipCall:
        if (!push(op)) {
          in.fail(Failure::kTooDeep);
          break;
        }
        if (!spend(1) || (op->code == OpCode::kCall && !sink.begin_call(*op, frames_[depth_ - 1].sink))) {
          in.fail(Failure::kTooMuch);
          break;
        }
        op = ops + op->x;
        continue;
      case OpCode::kReturn:
        --depth_;
        op = frames_[depth_].op;
        if (op->code == OpCode::kCall) sink.end_call(frames_[depth_].sink);
        break;
      case OpCode::kJump: op = ops + op->x; continue;

      case OpCode::kLiteral: break;
      case OpCode::kBeginDefault:
        outside_default_ = in;
        in = BinaryReader(program_.literal({op->x, op->n}));
        break;
      case OpCode::kEndDefault: in = outside_default_; break;
      case OpCode::kRecord: sink.record(*op); break;
      case OpCode::kMark: sink.mark(); break;
      case OpCode::kReorder: sink.reorder(*op, program_); break;
      case OpCode::kMismatch: in.fail(Failure::kMismatch); break;

      case OpCode::kBoolean: each([&](uint32_t i) { sink.boolean(*op, i, in.read_boolean()); }); break;
      case OpCode::kInt: each([&](uint32_t i) { sink.integer(*op, i, in.read_int()); }); break;
      case OpCode::kLong: each([&](uint32_t i) { sink.integer(*op, i, in.read_long()); }); break;
      case OpCode::kFloat: each([&](uint32_t i) { sink.real32(*op, i, in.read_float()); }); break;
      case OpCode::kDouble: each([&](uint32_t i) { sink.real(*op, i, in.read_double()); }); break;
      case OpCode::kString: each(string); break;
      case OpCode::kBytes: sink.bytes(*op, in.read_bytes()); break;
      case OpCode::kFixed: sink.bytes(*op, in.read_fixed(op->n)); break;
      case OpCode::kEnum: enumeration(); break;

      case OpCode::kIntText: sink.logical(*op, in.read_int()); break;
      case OpCode::kLongText: sink.logical(*op, in.read_long()); break;
      case OpCode::kBytesText:
      case OpCode::kFixedText: {
        const std::string_view value = op->code == OpCode::kBytesText ? in.read_bytes() : in.read_fixed(op->n);
        if (!in.failed()) [[likely]]
          sink.logical(*op, value, program_);
        break;
      }
      case OpCode::kIntToFloat: sink.real32(*op, 0, static_cast<float>(in.read_int())); break;
      case OpCode::kIntToDouble: sink.real(*op, 0, in.read_int()); break;
      case OpCode::kLongToFloat: sink.real32(*op, 0, static_cast<float>(in.read_long())); break;
      case OpCode::kLongToDouble: sink.real(*op, 0, static_cast<double>(in.read_long())); break;
      case OpCode::kFloatToDouble: sink.real(*op, 0, in.read_float()); break;

      case OpCode::kUnion: {
        const uint32_t branch = in.read_index(op->n, Failure::kBranchIndex);
        if (in.failed()) [[unlikely]]
          break;
        op = ops + program_.tables[op->x + branch];
        continue;
      }
      case OpCode::kBranch: sink.branch(*op, op->n); break;
      case OpCode::kOptional:
        if (optional() || in.failed()) break;
        op = ops + op->x;
        continue;
      case OpCode::kOptionalInt:
        if (optional()) sink.integer(*op, 0, in.read_int());
        break;
      case OpCode::kOptionalLong:
        if (optional()) sink.integer(*op, 0, in.read_long());
        break;
      case OpCode::kOptionalDouble:
        if (optional()) sink.real(*op, 0, in.read_double());
        break;
      case OpCode::kOptionalString:
        if (optional()) string(0);
        break;
      case OpCode::kOptionalEnum:
        if (optional()) enumeration();
        break;
      case OpCode::kTagIfMisread: sink.tag_if_misread(*op, program_); break;

      case OpCode::kDoubleArray: {
        if (!push(op)) {
          in.fail(Failure::kTooDeep);
          break;
        }
        Frame& frame = frames_[depth_ - 1];
        sink.begin_items(*op, frame.sink);
        while (read_block(*op, in, frame)) {
          // read_block has seen that so many bytes are there.
          if (!sink.doubles(*op, frame.sink, frame.index, in.read_fixed(frame.remaining * sizeof(double)))) {
            in.fail(Failure::kTooMuch);
            break;
          }
          frame.index += frame.remaining;
        }
        if (in.failed()) [[unlikely]]
          break;
        sink.end_items(*op, frame.sink, frame.index);
        --depth_;
        break;
      }
      case OpCode::kArray:
      case OpCode::kMap:
      case OpCode::kSkipArray:
      case OpCode::kSkipMap:
        if (!push(op)) {
          in.fail(Failure::kTooDeep);
          break;
        }
        if (!is_skipped(*op)) sink.begin_items(*op, frames_[depth_ - 1].sink);
        [[fallthrough]];
      case OpCode::kItemEnd: {
        Frame& frame = frames_[depth_ - 1];
        const Op& loop = *frame.op;
        op = &loop + 1;
        if (frame.remaining == 0 && !read_block(loop, in, frame)) {
          if (in.failed()) [[unlikely]]
            break;
          if (!is_skipped(loop)) sink.end_items(loop, frame.sink, frame.index);
          --depth_;
          op = ops + loop.x;
          continue;
        }
        if (!is_skipped(loop) && !sink.next_item(loop, frame.sink, frame.index, frame.remaining)) [[unlikely]]
          in.fail(Failure::kTooMuch);
        --frame.remaining;
        ++frame.index;
        if (loop.code == OpCode::kMap) {
          const char* const start = in.position();
          const std::string_view key = in.read_bytes();
          frame.key = key.data();
          frame.key_size = key.size();
          if (!in.failed() && !sink.key(key, key.size() + in.remaining())) [[unlikely]]
            in.fail_at(start, Failure::kUtf8);
        } else if (loop.code == OpCode::kSkipMap) {
          in.read_bytes();
        }
        if (in.failed()) [[unlikely]]
          break;
        continue;
      }

      case OpCode::kSkipLong: in.read_long(); break;
      case OpCode::kSkipBytes: in.read_bytes(); break;
      case OpCode::kSkipFixed: in.read_fixed(op->n); break;
    }
    if (in.failed()) [[unlikely]]
      return stop(op, of_run, in);
    ++op;
  }
}

template <class Sink>
[[gnu::noinline]] bool Interpreter<Sink>::stop(const Op* op, uint32_t of_run, BinaryReader in) {
  stopped_at_ = op;
  stopped_of_run_ = of_run;
  stopped_in_ = in;
  return false;
}

// Opens a frame; false where as many are open as may be.
template <class Sink>
[[gnu::always_inline]] inline bool Interpreter<Sink>::push(const Op* op) {
  if (depth_ == kMaxNesting) [[unlikely]]
    return false;
  Frame& frame = frames_[depth_++];
  frame.op = op;
  frame.remaining = 0;
  frame.index = 0;
  return true;
}

// Reads the head of a block into `remaining`; false after the last one. A negative count is followed by the block's
// size in bytes, by which a block that nobody reads is passed over.
template <class Sink>
[[gnu::always_inline]] inline bool Interpreter<Sink>::read_block(const Op& loop, BinaryReader& in, Frame& frame) {
  frame.remaining = 0;
  for (;;) {
    const int64_t count = in.read_long();
    uint64_t items = static_cast<uint64_t>(count);
    if (count < 0) [[unlikely]] {
      items = 0 - items;  // of INT64_MIN too
      const int64_t size = in.read_long();
      if (size < 0 || static_cast<uint64_t>(size) > in.remaining()) {
        in.fail(Failure::kLength);
        return false;
      }
      if (is_skipped(loop)) {
        in.read_fixed(static_cast<size_t>(size));
        continue;
      }
    }
    if (items == 0) return false;
    if (loop.n == 0) {
      if (!spend(items)) in.fail(Failure::kTooMuch);
    } else if (items > in.remaining() / loop.n) [[unlikely]] {
      in.fail(Failure::kItemCount);
    }
    frame.remaining = in.failed() ? 0 : items;
    return !in.failed();
  }
}

template <class Sink>
[[gnu::always_inline]] inline bool Interpreter<Sink>::spend(uint64_t count) {
  if (count > empty_items_left_) [[unlikely]]
    return false;
  empty_items_left_ -= count;
  return true;
}

template <class Sink>
[[gnu::noinline]] Error Interpreter<Sink>::error() const {
  std::array<OpenFrame, kMaxNesting> frames;
  for (size_t i = 0; i < depth_; ++i) {
    const Frame& frame = frames_[i];
    frames[i].op = static_cast<uint32_t>(frame.op - program_.ops.data());
    frames[i].index = frame.index;
    if (frame.op->code == OpCode::kMap && frame.index > 0) frames[i].key = {frame.key, frame.key_size};
  }
  const StoppedAt at{.op = static_cast<uint32_t>(stopped_at_ - program_.ops.data()), .of_run = stopped_of_run_};
  return describe_failure(program_, at, stopped_in_, frames.data(), depth_);
}

}  // namespace omashu::avro
