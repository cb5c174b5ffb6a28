#include "omashu/file_digest.h"

#include "base/digest.h"

namespace omashu {

Result<std::string> sha256_text_of_file(const std::string& path) {
  const auto sum = sha256_of_file(path);
  if (!sum) return fail(sum.error());
  return to_hex(*sum);
}

}  // namespace omashu
