// A regular expression, searched for in a text in time that grows with the text and the pattern alone: the pattern runs
// as a set of states, so nothing that is written in it can make the search hang or take the stack.
//
// What is known: literal characters, `.`, classes ([a-z], [^"], \d \w \s and \D \W \S), groups, |, * + ? {m} {m,}
// {m,n}, ^ and $ for the text's ends, \ before what is special, and (?i) at the start for letters of either case.
// Characters are those of UTF-8; classes name ASCII characters, and a negated one contains every other character.

#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "omashu/result.h"

namespace omashu::table {

class TextPattern {
 public:
  // The error's position has the column in the pattern.
  static Result<TextPattern> parse(std::string_view pattern);

  // Whether the pattern is found anywhere in the text.
  bool is_found_in(std::string_view text) const;

 private:
  friend class TextPatternParser;

  enum class OpCode : uint8_t { kBytes, kSplit, kJump, kTextStart, kTextEnd, kMatch };
  struct Op {
    OpCode code = OpCode::kMatch;
    uint32_t x = 0;  // kBytes: index of a class; kSplit, kJump: an op to go on with
    uint32_t y = 0;  // kSplit: the other one
  };

  std::vector<Op> ops_;
  std::vector<std::bitset<256>> classes_;
};

}  // namespace omashu::table
