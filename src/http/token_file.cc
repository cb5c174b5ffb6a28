#include "http/token_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "base/digest.h"

namespace omashu::http {

namespace {

std::unexpected<Error> wrong_line(size_t line, std::string_view what) {
  return fail(ErrorCode::kInvalidArgument, fmt::format("line {}: {}", line, what));
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::array<uint8_t, 32>> hash_of(std::string_view text) {
  std::array<uint8_t, 32> hash{};
  if (text.size() != hash.size() * 2) return std::nullopt;
  for (size_t i = 0; i < text.size(); ++i) {
    const int digit = digit_of(text[i]);
    if (digit < 0) return std::nullopt;
    hash[i / 2] = static_cast<uint8_t>(hash[i / 2] << 4 | digit);
  }
  return hash;
}

}  // namespace

Result<TokenFile> TokenFile::parse(std::string_view text) {
  TokenFile file;
  std::set<std::string, std::less<>> names;
  for (size_t number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    const size_t name_end = line.find(':');
    const size_t hash_end = line.find(':', std::min(name_end, line.size() - 1) + 1);
    if (name_end == 0 || hash_end == std::string_view::npos) return wrong_line(number, "a line is NAME:SHA256:ROLES");
    const std::string_view name = line.substr(0, name_end);
    const auto hash = hash_of(line.substr(name_end + 1, hash_end - name_end - 1));
    if (!hash) {
      return wrong_line(number, "the token must be hashed: 64 digits, as `printf %s TOKEN | sha256sum` prints them");
    }
    auto grants = Grants::parse(line.substr(hash_end + 1));
    if (!grants) return wrong_line(number, grants.error().message);
    if (!names.emplace(name).second) return wrong_line(number, "the name is there twice");
    auto identity = std::make_shared<const Identity>(std::string(name), *std::move(grants));
    if (!file.identities_.emplace(*hash, std::move(identity)).second) {
      return wrong_line(number, "the token is there twice");
    }
  }
  if (file.identities_.empty()) return fail(ErrorCode::kInvalidArgument, "there is nobody in it");
  return file;
}

Result<TokenFile> TokenFile::read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) return fail(ErrorCode::kIo, fmt::format("the token file {} cannot be read", path));
  Result<TokenFile> file = parse(text);
  if (!file) return fail(std::move(file.error()).within("the token file " + path));
  return file;
}

IdentityPtr TokenFile::check(std::string_view token) const {
  const auto found = identities_.find(sha256(token));
  return found == identities_.end() ? nullptr : found->second;
}

}  // namespace omashu::http
