#include "table/condition.h"

#include <fmt/core.h>

#include <cctype>

#include "base/json.h"
#include "base/shown.h"

namespace omashu::table {

namespace {

constexpr size_t kMaxConditionBytes = 64 * 1024;

constexpr std::string_view kExpected = "expected one of = != < <= > >= ~ in(…), is null, is not null";

Error error_at(std::string_view text, size_t offset, const std::string& message) {
  return Error{ErrorCode::kInvalidArgument, fmt::format("{}, column {}: {}", shown(text), offset + 1, message),
               TextPosition{.line = 1, .column = offset + 1}};
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Takes a condition apart from the left.
class ConditionParser {
 public:
  explicit ConditionParser(std::string_view text) : text_(text) {}

  Result<Condition> parse() {
    Condition condition;
    condition.text = text_;
    if (text_.size() > kMaxConditionBytes) return refuse(0, "this condition is longer than 64 KB");
    skip_space();
    size_t end = 0;
    auto path = FieldPath::parse_start(text_.substr(at_), end);
    if (!path) {
      const size_t column = path.error().position ? path.error().position->column : 1;
      return refuse(at_ + column - 1, path.error().message);
    }
    condition.path = *std::move(path);
    condition.path_offset = at_;
    at_ += end;
    const bool has_space = skip_space();
    if (has_space && word("is")) return parse_null(std::move(condition));
    if (has_space && word("in")) return parse_list(std::move(condition));
    constexpr std::pair<std::string_view, Comparison> kOperators[] = {
        {"!=", Comparison::kNotEqual}, {"<=", Comparison::kLessOrEqual}, {">=", Comparison::kGreaterOrEqual},
        {"=", Comparison::kEqual},     {"<", Comparison::kLess},         {">", Comparison::kGreater},
        {"~", Comparison::kMatches}};
    for (const auto& [spelling, comparison] : kOperators) {
      if (!text_.substr(at_).starts_with(spelling)) continue;
      at_ += spelling.size();
      condition.comparison = comparison;
      auto operand = parse_operand(false);
      if (!operand) return fail(std::move(operand.error()));
      condition.operands.push_back(*std::move(operand));
      return condition;
    }
    return refuse(at_, std::string(kExpected));
  }

 private:
  std::unexpected<Error> refuse(size_t offset, const std::string& message) const {
    return fail(error_at(text_, offset, message));
  }

  bool skip_space() {
    const size_t start = at_;
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    return at_ > start;
  }

  // A whole word, in any case.
  bool word(std::string_view wanted) {
    if (text_.size() - at_ < wanted.size()) return false;
    for (size_t i = 0; i < wanted.size(); ++i) {
      if (std::tolower(static_cast<unsigned char>(text_[at_ + i])) != wanted[i]) return false;
    }
    const size_t end = at_ + wanted.size();
    if (end < text_.size() && !is_space(text_[end]) && text_[end] != '(') return false;
    at_ = end;
    return true;
  }

  Result<Condition> parse_null(Condition condition) {
    condition.comparison = Comparison::kIsNull;
    skip_space();
    if (word("not")) condition.comparison = Comparison::kIsNotNull;
    skip_space();
    if (!word("null")) return refuse(at_, "expected `is null` or `is not null`");
    skip_space();
    if (at_ < text_.size()) return refuse(at_, "unexpected text behind `null`");
    return condition;
  }

  Result<Condition> parse_list(Condition condition) {
    condition.comparison = Comparison::kIn;
    skip_space();
    if (at_ >= text_.size() || text_[at_] != '(') return refuse(at_, "a list is written in(a,b)");
    do {
      ++at_;
      auto operand = parse_operand(true);
      if (!operand) return fail(std::move(operand.error()));
      condition.operands.push_back(*std::move(operand));
    } while (text_[at_] == ',');
    ++at_;
    skip_space();
    if (at_ < text_.size()) return refuse(at_, "unexpected text behind the list");
    return condition;
  }

  // Ends at the text's end, or in a list at the comma or parenthesis behind it.
  Result<Operand> parse_operand(bool is_in_list) {
    skip_space();
    Operand operand{.text = "", .is_quoted = false, .offset = at_};
    if (at_ < text_.size() && text_[at_] == '"') {
      const size_t start = at_;
      for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
        if (text_[at_] == '\\') ++at_;
      }
      if (at_ >= text_.size()) return refuse(start, "the text has no closing \"");
      const auto parsed = json::parse(text_.substr(start, ++at_ - start));
      if (!parsed) return refuse(start, "this is no JSON string: " + parsed.error().message);
      operand.text = parsed->text();
      operand.is_quoted = true;
      skip_space();
    } else {
      const size_t start = at_;
      while (at_ < text_.size() && !(is_in_list && (text_[at_] == ',' || text_[at_] == ')'))) ++at_;
      size_t end = at_;
      while (end > start && is_space(text_[end - 1])) --end;
      operand.text = text_.substr(start, end - start);
    }
    if (is_in_list ? at_ >= text_.size() : at_ < text_.size()) {
      return refuse(at_, is_in_list ? "the list has no )" : "unexpected text behind the text in quotes");
    }
    if (is_in_list && text_[at_] != ',' && text_[at_] != ')') return refuse(at_, "expected a comma or a )");
    return operand;
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

Result<Condition> parse_condition(std::string_view text) { return ConditionParser(text).parse(); }

Error condition_error(const Condition& condition, size_t offset, const std::string& message) {
  return error_at(condition.text, offset, message);
}

}  // namespace omashu::table
