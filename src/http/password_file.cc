#include "http/password_file.h"

#include <crypt.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <memory>

namespace omashu::http {

namespace {

constexpr std::array<std::string_view, 8> kSlowHashes = {"$y$", "$gy$", "$7$", "$2a$", "$2b$", "$2y$", "$6$", "$5$"};

std::unexpected<Error> wrong_line(size_t line, std::string_view what) {
  return fail(ErrorCode::kInvalidArgument, fmt::format("line {}: {}", line, what));
}

// The same time whatever the texts are.
bool is_equal(std::string_view a, std::string_view b) {
  unsigned char difference = a.size() == b.size() ? 0 : 1;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  return difference == 0;
}

// What decides how long a hash takes, as it starts: "$6$", "$6$rounds=9000$", "$2b$12$", "$y$j9T$", "$7$" with its
// eleven characters of N, r and p.
std::string cost_of(std::string_view hash) {
  const size_t kind_end = hash.find('$', 1) + 1;
  const std::string_view kind = hash.substr(0, kind_end);
  if (kind == "$7$") return std::string(hash.substr(0, kind_end + 11));
  const bool has_cost = (kind != "$6$" && kind != "$5$") || hash.substr(kind_end).starts_with("rounds=");
  return std::string(has_cost ? hash.substr(0, hash.find('$', kind_end) + 1) : kind);
}

bool matches(const std::string& password, const std::string& hash) {
  const auto state = std::make_unique<crypt_data>();
  const char* hashed = crypt_r(password.c_str(), hash.c_str(), state.get());
  return hashed != nullptr && hashed[0] != '*' && is_equal(hashed, hash);
}

}  // namespace

Result<PasswordFile> PasswordFile::parse(std::string_view text) {
  PasswordFile file;
  size_t number = 0;
  while (!text.empty()) {
    ++number;
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0)
      return wrong_line(number, "a line is NAME:HASH or NAME:HASH:ROLES");
    const std::string name(line.substr(0, colon));
    std::string_view hash = line.substr(colon + 1);
    Entry entry;
    Result<Grants> grants = Grants::everything();
    if (const size_t role = hash.find(':'); role != std::string_view::npos) {
      grants = Grants::parse(hash.substr(role + 1));
      if (!grants) return wrong_line(number, grants.error().message);
      hash = hash.substr(0, role);
    }
    if (std::ranges::none_of(kSlowHashes, [&](std::string_view kind) { return hash.starts_with(kind); })) {
      return wrong_line(number, "the password must be hashed: `openssl passwd -6` and `htpasswd -B` do it");
    }
    entry.hash = hash;
    entry.identity = std::make_shared<const Identity>(name, *std::move(grants));
    file.hash_of_cost_.emplace(cost_of(hash), hash);
    if (!file.entries_.emplace(name, std::move(entry)).second) return wrong_line(number, "the name is there twice");
  }
  if (file.entries_.empty()) return fail(ErrorCode::kInvalidArgument, "there is nobody in it");
  return file;
}

Result<PasswordFile> PasswordFile::read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) return fail(ErrorCode::kIo, fmt::format("the password file {} cannot be read", path));
  Result<PasswordFile> file = parse(text);
  if (!file) return fail(std::move(file.error()).within("the password file " + path));
  return file;
}

IdentityPtr PasswordFile::check(const std::string& user, const std::string& password) const {
  const auto found = entries_.find(user);
  bool is_right = false;
  for (const std::string& hash : hashes_to_compare(user)) {
    const bool is_match = matches(password, hash);
    if (found != entries_.end() && hash == found->second.hash) is_right = is_match;
  }
  return is_right ? found->second.identity : nullptr;
}

std::vector<std::string> PasswordFile::hashes_to_compare(const std::string& user) const {
  const auto found = entries_.find(user);
  std::vector<std::string> hashes;
  for (const auto& [cost, hash] : hash_of_cost_) {
    const bool is_own = found != entries_.end() && cost == cost_of(found->second.hash);
    hashes.push_back(is_own ? found->second.hash : hash);
  }
  return hashes;
}

}  // namespace omashu::http
