// Declares the options of a command and reads its command line.
//
// The values are bound to variables of the command, which must outlive the parser. An option given twice counts as
// given the last time, lists excepted. `--` ends the options. What was declared can be listed, so that help, shell
// completion and the suggestion of a mistyped name follow from the same declarations.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "omashu/result.h"

namespace omashu::cli {

struct OptionSpec {
  std::vector<std::string> names;  // "-X", "--bootstrap-server"; empty for an argument told by its place
  std::string value_name;          // "FILE"; empty for a flag
  std::string help;
  std::string heading;                            // of the section of the help that it stands in
  std::vector<std::string> choices;               // where only these values are right
  bool is_required = false;                       // of an argument told by its place
  bool is_hidden = false;                         // accepted, but not shown: another tool's name for the same thing
  bool is_list = false;                           // of the last argument told by its place: one or more
  std::optional<std::string> implied_value = {};  // of an option whose value may be left out

  bool is_argument() const { return names.empty(); }
  bool is_flag() const { return !names.empty() && value_name.empty(); }
};

class OptionParser {
 public:
  // The command line is one of Java's tools: see jopt_words.h.
  void reads_jopt_words() { is_jopt_ = true; }

  // The section of the help that the options declared from here on stand in.
  void heading(std::string title);

  // Arguments told by their place, in their order.
  void argument(std::string name, std::string& value, std::string help);
  void argument(std::string name, std::optional<std::string>& value, std::string help);

  // One or more; nothing comes behind them.
  void arguments(std::string name, std::vector<std::string>& values, std::string help);

  // `names` is "--limit" or "-n,--limit". An empty help hides the option.
  void flag(std::string_view names, bool& value, std::string help);
  void option(std::string_view names, std::string value_name, std::string& value, std::string help);
  void option(std::string_view names, std::string value_name, std::optional<std::string>& value, std::string help);
  void option(std::string_view names, std::string value_name, int64_t& value, std::string help);
  void option(std::string_view names, std::string value_name, std::optional<int64_t>& value, std::string help);
  void option(std::string_view names, std::string value_name, std::chrono::milliseconds& value, std::string help);
  void option(std::string_view names, std::string value_name, std::optional<std::chrono::milliseconds>& value,
              std::string help);
  // The value may be left out: it stands behind `=` then, or, where reads_jopt_words() was called, as that has it.
  void option_or(std::string_view names, std::string value_name, std::string implied_value, std::string& value,
                 std::string help);
  // May be given several times.
  void option(std::string_view names, std::string value_name, std::vector<std::string>& values, std::string help);
  // One of the choices.
  void choice(std::string_view names, std::string value_name, std::string& value, std::vector<std::string> choices,
              std::string help);
  void choice(std::string_view names, std::string value_name, std::optional<std::string>& value,
              std::vector<std::string> choices, std::string help);

  enum class Outcome { kParsed, kHelp };
  // Errors are usage errors: the option, and what would be right.
  Result<Outcome> parse(std::span<const std::string> words);

  const std::vector<OptionSpec>& specs() const { return specs_; }

 private:
  using Store = std::function<Result<void>(const std::vector<std::string>&)>;
  using Given = std::vector<std::vector<std::string>>;  // for each spec, the values given

  void declare(std::string_view names, std::string value_name, std::string help, std::vector<std::string> choices,
               Store store);
  void declare_argument(std::string name, std::string help, bool is_required, Store store);
  std::vector<std::string> with_implied_values(std::span<const std::string> words) const;
  Result<void> refuse_unknown(const std::vector<std::string>& words) const;
  Result<void> place_arguments(const std::vector<std::string>& words, Given& given) const;
  Result<void> store(const Given& given) const;

  bool is_jopt_ = false;
  std::string heading_ = "Options";
  std::vector<OptionSpec> specs_;
  std::vector<Store> stores_;  // one for each spec
};

}  // namespace omashu::cli
