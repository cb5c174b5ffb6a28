#include "http/content_encoding.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "http/tokens.h"

namespace omashu::http {

namespace {

// "0.5" as 500; nothing where it is no weight (RFC 9110, section 12.4.2).
std::optional<int> weight_of(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  int weight = (text[0] - '0') * 1000;
  int unit = 100;
  for (size_t i = 2; i < text.size(); ++i, unit /= 10) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    weight += (text[i] - '0') * unit;
  }
  if (weight > 1000) return std::nullopt;
  return weight;
}

// The weight behind a coding's name: "; q=0.5". 1000 where there is none.
std::optional<int> weight_in(std::string_view parameters) {
  std::optional<int> weight = 1000;
  while (!parameters.empty()) {
    const std::string_view parameter = take_part(parameters, ';');
    if (parameter.size() < 2 || !is_same_token(parameter.substr(0, 2), "q=")) return std::nullopt;
    weight = weight_of(parameter.substr(2));
    if (!weight) return std::nullopt;
  }
  return weight;
}

constexpr std::array<std::string_view, 9> kCompressibleTypes = {
    "application/json",     "application/javascript",       "application/xml",
    "application/x-ndjson", "application/openmetrics-text", "application/wasm",
    "image/svg+xml",        "application/manifest+json",    "application/graphql-response+json"};

}  // namespace

std::string_view encoding_name(ContentEncoding encoding) {
  switch (encoding) {
    case ContentEncoding::kGzip: return "gzip";
    case ContentEncoding::kZstd: return "zstd";
    case ContentEncoding::kIdentity: break;
  }
  return "identity";
}

ContentEncoding preferred_encoding(std::string_view accept_encoding, std::span<const ContentEncoding> choices) {
  std::array<std::optional<int>, 3> weights;  // by ContentEncoding
  std::optional<int> others;
  while (!accept_encoding.empty()) {
    std::string_view item = take_part(accept_encoding, ',');
    if (item.empty()) continue;
    const std::string_view name = take_part(item, ';');
    const std::optional<int> weight = weight_in(item);
    if (!weight) return ContentEncoding::kIdentity;
    if (name == "*") others = weight;
    for (const auto encoding : {ContentEncoding::kIdentity, ContentEncoding::kGzip, ContentEncoding::kZstd}) {
      const bool is_it = is_same_token(name, encoding_name(encoding)) ||
                         (encoding == ContentEncoding::kGzip && is_same_token(name, "x-gzip"));
      if (is_it) weights[static_cast<size_t>(encoding)] = weight;
    }
  }
  ContentEncoding preferred = ContentEncoding::kIdentity;
  int best = 0;
  for (const ContentEncoding choice : choices) {
    const int weight = weights[static_cast<size_t>(choice)].value_or(others.value_or(0));
    if (weight <= best) continue;
    preferred = choice;
    best = weight;
  }
  const int identity = weights[static_cast<size_t>(ContentEncoding::kIdentity)].value_or(0);
  return best >= identity ? preferred : ContentEncoding::kIdentity;
}

bool is_compressible(const Response& response) {
  for (const Field& field : response.fields) {
    if (field.name == "Content-Encoding" || field.name == "Content-Range") return false;
    if (field.name == "Cache-Control" && field.value.find("no-transform") != std::string::npos) return false;
  }
  const std::string_view type =
      trimmed(std::string_view(response.content_type).substr(0, response.content_type.find(';')));
  return type.starts_with("text/") || type.ends_with("+json") || type.ends_with("+xml") ||
         std::ranges::find(kCompressibleTypes, type) != kCompressibleTypes.end();
}

void describe_encoding(Response& response, ContentEncoding encoding) {
  const auto vary = std::ranges::find(response.fields, "Vary", &Field::name);
  if (vary == response.fields.end()) {
    response.fields.push_back({"Vary", "Accept-Encoding"});
  } else if (vary->value != "*") {
    vary->value += ", Accept-Encoding";
  }
  if (encoding == ContentEncoding::kIdentity) return;
  response.fields.push_back({"Content-Encoding", std::string(encoding_name(encoding))});
  const auto tag = std::ranges::find(response.fields, "ETag", &Field::name);
  if (tag != response.fields.end() && tag->value.starts_with('"')) tag->value.insert(0, "W/");
}

}  // namespace omashu::http
