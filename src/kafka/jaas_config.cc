#include "kafka/jaas_config.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace omashu::kafka {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\f";

std::unexpected<Error> malformed(std::string what) {
  return fail(ErrorCode::kInvalidArgument, "sasl.jaas.config: " + std::move(what));
}

// Words, quoted texts, `=` and `;`, as Java's StreamTokenizer cuts them.
Result<std::vector<std::string>> tokenize(std::string_view text) {
  std::vector<std::string> tokens;
  for (size_t at = text.find_first_not_of(kBlanks); at < text.size(); at = text.find_first_not_of(kBlanks, at)) {
    if (text[at] == '=' || text[at] == ';') {
      tokens.emplace_back(1, text[at++]);
    } else if (const char quote = text[at]; quote == '"' || quote == '\'') {
      std::string token;
      for (++at; at < text.size() && text[at] != quote; ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) ++at;
        token += text[at];
      }
      if (at >= text.size()) return malformed("a quoted value is not closed");
      ++at;
      tokens.push_back(std::move(token));
    } else {
      const size_t end = std::min(text.find_first_of(" \t\r\n\f=;\"'", at), text.size());
      tokens.emplace_back(text.substr(at, end - at));
      at = end;
    }
  }
  return tokens;
}

}  // namespace

Result<JaasConfig> parse_jaas_config(std::string_view text) {
  constexpr std::array<std::string_view, 4> kFlags = {"required", "requisite", "sufficient", "optional"};
  const auto tokens = tokenize(text);
  if (!tokens) return fail(tokens.error());
  if (tokens->size() < 3 || std::ranges::find(kFlags, (*tokens)[1]) == kFlags.end()) {
    return malformed("expected LOGIN_MODULE required NAME=\"VALUE\" …;");
  }
  if (tokens->back() != ";") return malformed("the semicolon at the end is missing");

  JaasConfig config;
  const std::string& module = tokens->front();
  config.login_module = module.substr(module.rfind('.') + 1);
  for (size_t at = 2; at + 1 < tokens->size(); at += 3) {
    if (at + 3 >= tokens->size() || (*tokens)[at + 1] != "=")
      return malformed("expected NAME=\"VALUE\" after the flag");
    config.options[(*tokens)[at]] = (*tokens)[at + 2];
  }
  return config;
}

}  // namespace omashu::kafka
