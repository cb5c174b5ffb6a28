#include "table/text_pattern.h"

#include <fmt/core.h>

#include <optional>
#include <utility>

namespace omashu::table {

namespace {

using ByteSet = std::bitset<256>;

constexpr size_t kMaxPatternBytes = 1'000;
constexpr size_t kMaxOps = 5'000;  // bounds the time that a byte of text takes
constexpr uint32_t kMaxRepetitions = 1'000;
constexpr size_t kMaxDepth = 100;  // of groups

ByteSet byte_range(unsigned first, unsigned last) {
  ByteSet set;
  for (unsigned byte = first; byte <= last; ++byte) set.set(byte);
  return set;
}

ByteSet ascii_class(char letter) {
  switch (letter) {
    case 'd': return byte_range('0', '9');
    case 'w': return byte_range('0', '9') | byte_range('a', 'z') | byte_range('A', 'Z') | byte_range('_', '_');
    default: {
      ByteSet space;
      for (const char c : {' ', '\t', '\n', '\r', '\f', '\v'}) space.set(static_cast<unsigned char>(c));
      return space;
    }
  }
}

}  // namespace

// Recursive descent, which writes ops as it goes. A piece of ops can be copied behind itself, for repetitions, since
// its jumps stay within it.
class TextPatternParser {
 public:
  explicit TextPatternParser(std::string_view text) : text_(text) {}

  Result<TextPattern> parse() {
    if (text_.size() > kMaxPatternBytes) {
      refuse(fmt::format("a pattern has at most {} bytes", kMaxPatternBytes));
    } else {
      if (text_.starts_with("(?i)")) {
        ignores_case_ = true;
        at_ = 4;
      }
      alternatives(0);
      if (!error_ && at_ < text_.size()) refuse("this ) closes no group: write \\)");
      add({.code = TextPattern::OpCode::kMatch});
    }
    if (error_) return fail(*std::move(error_));
    return std::move(pattern_);
  }

 private:
  using OpCode = TextPattern::OpCode;
  using Op = TextPattern::Op;

  void refuse(std::string message) {
    if (error_) return;
    error_ = Error{ErrorCode::kInvalidArgument, std::move(message), TextPosition{.line = 1, .column = at_ + 1}};
  }

  bool at_end() const { return at_ >= text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  bool skip(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  uint32_t next_op() const { return static_cast<uint32_t>(pattern_.ops_.size()); }
  void add(Op op) {
    if (pattern_.ops_.size() >= kMaxOps) return refuse("this pattern is too large: repeat less");
    pattern_.ops_.push_back(op);
  }
  void add_bytes(const ByteSet& set) {
    pattern_.classes_.push_back(set);
    add({.code = OpCode::kBytes, .x = static_cast<uint32_t>(pattern_.classes_.size() - 1)});
  }
  // Makes room for an op before `start`; the jumps of what is moved move along.
  void insert(uint32_t start, Op op) {
    add({});
    if (error_) return;
    auto& ops = pattern_.ops_;
    for (size_t i = ops.size() - 1; i > start; --i) ops[i] = shifted(ops[i - 1], 1);
    ops[start] = op;
  }
  static Op shifted(Op op, uint32_t by) {
    if (op.code == OpCode::kSplit || op.code == OpCode::kJump) op.x += by;
    if (op.code == OpCode::kSplit) op.y += by;
    return op;
  }

  void alternatives(size_t depth) {
    if (depth > kMaxDepth) return refuse("groups are nested too deeply");
    const uint32_t start = next_op();
    std::vector<uint32_t> jumps;
    uint32_t first = start;
    sequence(depth);
    while (!error_ && skip('|')) {
      insert(first, {.code = OpCode::kSplit, .x = first + 1, .y = next_op() + 2});
      jumps.push_back(next_op());
      add({.code = OpCode::kJump});
      first = next_op();
      sequence(depth);
    }
    if (error_) return;
    for (const uint32_t jump : jumps) pattern_.ops_[jump].x = next_op();
  }

  void sequence(size_t depth) {
    while (!error_ && !at_end() && peek() != '|' && peek() != ')') {
      const uint32_t start = next_op();
      atom(depth);
      while (!error_ && repetition(start)) {
      }
    }
  }

  void atom(size_t depth) {
    const char c = peek();
    switch (c) {
      case '(': {
        ++at_;
        if (skip('?') && !skip(':'))
          return refuse("of the groups that start with (? only (?:…) is known, and (?i) first");
        alternatives(depth + 1);
        if (!error_ && !skip(')')) refuse("a ) is missing");
        return;
      }
      case '[': ++at_; return character_class();
      case '.': ++at_; return any_character_but(ByteSet());
      case '^': ++at_; return add({.code = OpCode::kTextStart});
      case '$': ++at_; return add({.code = OpCode::kTextEnd});
      case '*':
      case '+':
      case '?':
      case '{': return refuse(fmt::format("nothing stands before this {} that it could repeat: write \\{}", c, c));
      case '\\': ++at_; return escaped();
      default: ++at_; return literal(c);
    }
  }

  void literal(char c) {
    ByteSet set;
    add_letter(set, c);
    add_bytes(set);
    // The rest of a character of several bytes, so that what repeats it repeats all of it.
    while (!at_end() && (static_cast<unsigned char>(c) & 0xc0) == 0xc0 &&
           (static_cast<unsigned char>(peek()) & 0xc0) == 0x80) {
      add_bytes(byte_range(static_cast<unsigned char>(peek()), static_cast<unsigned char>(peek())));
      ++at_;
    }
  }

  void add_letter(ByteSet& set, char c) const {
    set.set(static_cast<unsigned char>(c));
    if (!ignores_case_) return;
    if (c >= 'a' && c <= 'z') set.set(static_cast<unsigned char>(c - 'a' + 'A'));
    if (c >= 'A' && c <= 'Z') set.set(static_cast<unsigned char>(c - 'A' + 'a'));
  }

  static std::optional<char> control_character(char letter) {
    switch (letter) {
      case 'n': return '\n';
      case 't': return '\t';
      case 'r': return '\r';
      default: return std::nullopt;
    }
  }
  static bool is_word(char c) { return ascii_class('w').test(static_cast<unsigned char>(c)); }

  void escaped() {
    if (at_end()) return refuse("nothing stands behind this \\");
    const char c = text_[at_++];
    switch (c) {
      case 'd':
      case 'w':
      case 's': return add_bytes(ascii_class(c));
      case 'D':
      case 'W':
      case 'S': return any_character_but(ascii_class(static_cast<char>(c - 'A' + 'a')));
      default: break;
    }
    if (const auto control = control_character(c)) return literal(*control);
    if (is_word(c)) {
      --at_;
      return refuse(fmt::format("\\{} is not known: \\d, \\w, \\s, \\D, \\W, \\S, \\n, \\t and \\r are", c));
    }
    literal(c);
  }

  // One character, in UTF-8, that is none of those of `excluded`, which are ASCII.
  void any_character_but(const ByteSet& excluded) {
    const ByteSet tail = byte_range(0x80, 0xbf);
    const std::pair<ByteSet, int> forms[] = {{byte_range(0, 0x7f) & ~excluded, 0},
                                             {byte_range(0xc2, 0xdf), 1},
                                             {byte_range(0xe0, 0xef), 2},
                                             {byte_range(0xf0, 0xf4), 3}};
    std::vector<uint32_t> jumps;
    for (const auto& [first, tails] : forms) {
      const bool is_last = tails == 3;
      if (!is_last)
        add({.code = OpCode::kSplit, .x = next_op() + 1, .y = next_op() + 3 + static_cast<uint32_t>(tails)});
      add_bytes(first);
      for (int i = 0; i < tails; ++i) add_bytes(tail);
      if (is_last) break;
      jumps.push_back(next_op());
      add({.code = OpCode::kJump});
    }
    if (error_) return;
    for (const uint32_t jump : jumps) pattern_.ops_[jump].x = next_op();
  }

  void character_class() {
    const bool is_negated = skip('^');
    ByteSet set;
    for (bool is_first = true; is_first || peek() != ']'; is_first = false) {
      if (at_end()) return refuse("a ] is missing");
      const auto first = class_character(set);
      if (error_) return;
      if (!first) continue;
      if (peek() == '-' && at_ + 1 < text_.size() && text_[at_ + 1] != ']') {
        ++at_;
        const auto last = class_character(set);
        if (error_) return;
        if (!last || *last < *first) return refuse("this range has no end that comes after its start");
        for (char c = *first; c < *last; ++c) add_letter(set, c);
        add_letter(set, *last);
      } else {
        add_letter(set, *first);
      }
    }
    ++at_;
    if (is_negated) return any_character_but(set);
    add_bytes(set);
  }

  // Nothing where it was a whole class (\d), which is added.
  std::optional<char> class_character(ByteSet& set) {
    if (at_end()) return refuse("a ] is missing"), std::nullopt;
    const char c = text_[at_++];
    if (static_cast<unsigned char>(c) >= 0x80) {
      --at_;
      return refuse("a class names ASCII characters: write (ä|ö)"), std::nullopt;
    }
    if (c != '\\') return c;
    if (at_end()) return refuse("nothing stands behind this \\"), std::nullopt;
    const char letter = text_[at_++];
    if (letter == 'd' || letter == 'w' || letter == 's') {
      set |= ascii_class(letter);
      return std::nullopt;
    }
    if (const auto control = control_character(letter)) return control;
    if (is_word(letter) || static_cast<unsigned char>(letter) >= 0x80) {
      --at_;
      return refuse("this is not known in a class: \\d, \\w, \\s, \\n, \\t and \\r are"), std::nullopt;
    }
    return letter;
  }

  // Applies what repeats the ops from `start` on; false where there is nothing of that kind.
  bool repetition(uint32_t start) {
    if (skip('*')) return repeat(start, 0, std::nullopt), true;
    if (skip('+')) return repeat(start, 1, std::nullopt), true;
    if (skip('?')) return repeat(start, 0, 1), true;
    if (!skip('{')) return false;
    const auto min = number();
    std::optional<uint32_t> max = min;
    if (skip(',')) max = peek() == '}' ? std::nullopt : number();
    if (error_) return false;
    if (!min || !skip('}') || (max && *max < *min)) {
      refuse("a repetition is written {3}, {3,} or {3,5}");
      return false;
    }
    repeat(start, *min, max);
    return true;
  }

  std::optional<uint32_t> number() {
    uint32_t value = 0;
    const size_t first = at_;
    while (peek() >= '0' && peek() <= '9' && value <= kMaxRepetitions) {
      value = value * 10 + static_cast<uint32_t>(text_[at_++] - '0');
    }
    if (value > kMaxRepetitions) refuse(fmt::format("at most {} repetitions", kMaxRepetitions));
    if (at_ == first) return std::nullopt;
    return value;
  }

  void repeat(uint32_t start, uint32_t min, std::optional<uint32_t> max) {
    const std::vector<Op> piece(pattern_.ops_.begin() + start, pattern_.ops_.end());
    pattern_.ops_.resize(start);
    const auto copy = [&] {
      const uint32_t by = next_op() - start;
      for (const Op& op : piece) add(shifted(op, by));
    };
    const auto size = static_cast<uint32_t>(piece.size());
    for (uint32_t i = 0; i < min && !error_; ++i) copy();
    if (!max) {
      const uint32_t split = next_op();
      add({.code = OpCode::kSplit, .x = split + 1, .y = split + size + 2});
      copy();
      add({.code = OpCode::kJump, .x = split});
      return;
    }
    for (uint32_t i = min; i < *max && !error_; ++i) {
      add({.code = OpCode::kSplit, .x = next_op() + 1, .y = next_op() + size + 1});
      copy();
    }
  }

  std::string_view text_;
  size_t at_ = 0;
  bool ignores_case_ = false;
  TextPattern pattern_;
  std::optional<Error> error_;
};

Result<TextPattern> TextPattern::parse(std::string_view pattern) { return TextPatternParser(pattern).parse(); }

bool TextPattern::is_found_in(std::string_view text) const {
  std::vector<uint32_t> current, next, pending;
  std::vector<size_t> seen_at(ops_.size(), SIZE_MAX);  // the byte before which an op was entered last
  // Enters an op and all that follow it without a byte; true where the pattern has matched.
  const auto enter = [&](uint32_t start, size_t at, std::vector<uint32_t>& states) {
    pending.assign(1, start);
    while (!pending.empty()) {
      const uint32_t index = pending.back();
      pending.pop_back();
      if (seen_at[index] == at) continue;
      seen_at[index] = at;
      const Op& op = ops_[index];
      switch (op.code) {
        case OpCode::kMatch: return true;
        case OpCode::kBytes: states.push_back(index); break;
        case OpCode::kJump: pending.push_back(op.x); break;
        case OpCode::kSplit:
          pending.push_back(op.y);
          pending.push_back(op.x);
          break;
        case OpCode::kTextStart:
          if (at == 0) pending.push_back(index + 1);
          break;
        case OpCode::kTextEnd:
          if (at == text.size()) pending.push_back(index + 1);
          break;
      }
    }
    return false;
  };
  for (size_t at = 0;; ++at) {
    if (enter(0, at, current)) return true;
    if (at == text.size()) return false;
    next.clear();
    for (const uint32_t state : current) {
      if (!classes_[ops_[state].x].test(static_cast<unsigned char>(text[at]))) continue;
      if (enter(state + 1, at + 1, next)) return true;
    }
    std::swap(current, next);
  }
}

}  // namespace omashu::table
