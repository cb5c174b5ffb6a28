#include "schema_registry/server/subject_name.h"

#include <algorithm>

#include "base/utf8.h"

namespace omashu::schema_registry::server {

namespace {

constexpr std::string_view kContextStart = ":.";
constexpr std::string_view kDefaultContext = ":.:";

// U+0000 to U+001F and U+007F to U+009F, which UTF-8 writes as C2 80 to C2 9F.
bool has_control_character(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7f) return true;
    if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
  }
  return false;
}

bool has_valid_characters(std::string_view text) { return is_valid_utf8(text) && !has_control_character(text); }

}  // namespace

std::string normalized_subject(std::string_view name) {
  if (!name.starts_with(kContextStart)) return std::string(name);
  std::string normalized(name);
  if (name.find(':', kContextStart.size()) == std::string_view::npos) normalized += ':';
  if (normalized.starts_with(kDefaultContext)) normalized.erase(0, kDefaultContext.size());
  return normalized;
}

std::string qualified_subject(std::string_view context, std::string_view name) {
  if (name.starts_with(kContextStart)) return normalized_subject(name);
  return std::string(context).append(name);
}

std::string_view context_of(std::string_view subject) {
  if (!subject.starts_with(kContextStart)) return {};
  return subject.substr(0, subject.find(':', kContextStart.size()) + 1);
}

std::string context_name(std::string_view context) {
  return context.empty() ? "." : std::string(context.substr(1, context.size() - 2));
}

std::string context_from_name(std::string_view name) {
  if (name.starts_with(':')) return normalized_subject(name);
  std::string context = name.starts_with('.') ? ":" : ":.";
  context.append(name).append(":");
  return normalized_subject(context);
}

bool has_subject_prefix(std::string_view subject, std::string_view prefix) {
  if (prefix.starts_with(kAnyContext)) {
    return subject.substr(context_of(subject).size()).starts_with(prefix.substr(kAnyContext.size()));
  }
  if (prefix.starts_with(kDefaultContext)) prefix.remove_prefix(kDefaultContext.size());
  if (!prefix.starts_with(kContextStart) && !context_of(subject).empty()) return false;
  return subject.starts_with(prefix);
}

bool is_valid_subject(std::string_view subject) {
  const std::string_view bare = subject.substr(context_of(subject).size());
  if (bare.empty() || context_of(subject) == kGlobalContext) return false;
  return bare != "__GLOBAL" && bare != "__EMPTY" && has_valid_characters(subject);
}

bool is_valid_scope(std::string_view subject) {
  const std::string_view bare = subject.substr(context_of(subject).size());
  return bare != "__GLOBAL" && bare != "__EMPTY" && has_valid_characters(subject);
}

}  // namespace omashu::schema_registry::server
