// The files of web/, as they are in the program (cmake/OmashuEmbed.cmake).

#pragma once

#include <span>
#include <string_view>

namespace omashu::service {

struct EmbeddedFile {
  std::string_view path;  // below web/: "view/dom.js"
  std::string_view bytes;
};

// In the order of their paths.
std::span<const EmbeddedFile> dashboard_files();

}  // namespace omashu::service
