// Regular expressions of Java (--include, headers.separator), as far as POSIX's extended ones have the same.

#pragma once

#include <regex.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "omashu/result.h"

namespace omashu::cli {

class JavaPattern {
 public:
  // What POSIX does not have, such as look-ahead, is an error; so is a pattern that is none.
  static Result<JavaPattern> compile(std::string_view pattern);

  // The whole text, as Matcher.matches().
  bool matches(const std::string& text) const;

  // Pattern.split(): what stands between the matches, without empty texts at the end.
  std::vector<std::string> split(const std::string& text) const;

 private:
  struct Free {
    void operator()(regex_t* regex) const;
  };
  explicit JavaPattern(std::unique_ptr<regex_t, Free> regex) : regex_(std::move(regex)) {}

  std::unique_ptr<regex_t, Free> regex_;
};

}  // namespace omashu::cli
