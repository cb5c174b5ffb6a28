#include "service/web/dashboard.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "base/digest.h"
#include "service/row_answer.h"
#include "service/web/dashboard_files.h"

namespace omashu::service {

namespace {

// The pages, and the folder of the modules that belong to each alone.
struct Page {
  std::string_view file;
  const char* pattern;
  std::string_view own_modules;  // "": all but those of other pages
};
constexpr std::array<Page, 2> kPages = {{{"index.html", "/", ""}, {"docs.html", "/docs", "docs/"}}};

// Scripts and styles of this server alone, none within the page, no frames. Trusted types make the browser refuse any
// text that would become markup: what topics hold is shown as text (web/view/dom.js), and this holds the pages to it.
constexpr const char* kContentSecurityPolicy =
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";

constexpr std::array<std::pair<std::string_view, const char*>, 4> kContentTypes = {{
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
}};

const char* content_type_of(std::string_view path) {
  for (const auto& [ending, type] : kContentTypes) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

// 96 bits, in hexadecimal: enough to tell builds apart.
std::string short_digest(std::string_view bytes) {
  const auto digest = sha256(bytes);
  std::string text;
  for (const uint8_t byte : std::span(digest).first(12)) text += fmt::format("{:02x}", byte);
  return text;
}

struct Asset {
  const char* content_type = nullptr;
  std::string_view bytes = {};
  std::string tag = {};
  const char* cache_control = nullptr;
  std::string owned = {};  // of what is made here, for `bytes` to point into
};

void answer_asset(const http::ExchangePtr& exchange, const Asset& asset) {
  http::Response response;
  response.fields = {{"ETag", asset.tag}, {"Cache-Control", asset.cache_control}};
  if (has_entity_tag(exchange->request().field("if-none-match"), asset.tag)) {
    response.status = 304;
    return exchange->answer(std::move(response));
  }
  response.fields.push_back({"Content-Security-Policy", kContentSecurityPolicy});
  response.fields.push_back({"Cross-Origin-Opener-Policy", "same-origin"});
  response.fields.push_back({"Referrer-Policy", "no-referrer"});
  response.fields.push_back({"X-Content-Type-Options", "nosniff"});
  response.content_type = asset.content_type;
  response.body = asset.bytes;
  exchange->answer(std::move(response));
}

void add(http::Router& router, const std::string& pattern, std::shared_ptr<const Asset> asset) {
  router.add(http::Method::kGet, pattern, http::Access::kKnown,
             [asset = std::move(asset)](const http::ExchangePtr& exchange) { answer_asset(exchange, *asset); });
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// The page with the addresses of this build, and with all modules named, so that browsers load them at once and not one
// after the other as they find them imported.
std::string page_text(const Page& its_page, std::string_view source, const std::string& folder) {
  std::string page(source);
  replace_all(page, "\"web/", '"' + folder);
  std::string modules;
  for (const EmbeddedFile& file : dashboard_files()) {
    const bool is_docs = file.path.starts_with("docs/");
    if (!file.path.ends_with(".js") || file.path == "theme.js" || is_docs == its_page.own_modules.empty()) continue;
    modules += fmt::format("<link rel=\"modulepreload\" href=\"{}{}\">\n", folder, file.path);
  }
  page.insert(page.find("</head>"), modules);
  return page;
}

}  // namespace

void add_dashboard(http::Router& router) {
  std::string all;
  for (const EmbeddedFile& file : dashboard_files()) all.append(file.path).append(file.bytes);
  const std::string folder = fmt::format("web/{}/", short_digest(all));
  for (const EmbeddedFile& file : dashboard_files()) {
    if (const auto its_page = std::ranges::find(kPages, file.path, &Page::file); its_page != kPages.end()) {
      auto page = std::make_shared<Asset>(Asset{.content_type = content_type_of(file.path),
                                                .cache_control = "no-cache",
                                                .owned = page_text(*its_page, file.bytes, folder)});
      page->bytes = page->owned;
      page->tag = '"' + short_digest(page->owned) + '"';
      add(router, its_page->pattern, std::move(page));
      continue;
    }
    add(router, fmt::format("/{}{}", folder, file.path),
        std::make_shared<Asset>(Asset{.content_type = content_type_of(file.path),
                                      .bytes = file.bytes,
                                      .tag = '"' + short_digest(file.bytes) + '"',
                                      .cache_control = "public, max-age=31536000, immutable"}));
  }
}

}  // namespace omashu::service
