#include "proxy/dashboard/dashboard_response.h"

#include <algorithm>
#include <string>

#include "proxy/dashboard/page_files.h"

namespace arbstr::proxy {
namespace {

constexpr std::string_view kPathWithSlash = "/dashboard/";

// Nothing is loaded from elsewhere, nothing runs that is not a file of ours, and no text becomes markup: what
// a model, a provider or an error message is called can do no harm.
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";

const PageFile* FindPageFile(std::string_view path) {
  const auto files = PageFiles();
  const auto found = std::ranges::find(files, path, &PageFile::path);
  return found == files.end() ? nullptr : &*found;
}

std::string_view Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

void AddSafetyFields(std::string& fields) {
  AddField(fields, "content-security-policy", kContentSecurityPolicy);
  AddField(fields, "x-content-type-options", "nosniff");
  AddField(fields, "referrer-policy", "no-referrer");
  AddField(fields, "cross-origin-resource-policy", "same-origin");
}

}  // namespace

bool NamesEntityTag(std::string_view if_none_match, std::string_view entity_tag) {
  if (Trimmed(if_none_match) == "*") return true;
  // Our tags hold no comma, so that one inside another's tag can make no false match.
  while (!if_none_match.empty()) {
    const size_t comma = std::min(if_none_match.find(','), if_none_match.size());
    std::string_view tag = Trimmed(if_none_match.substr(0, comma));
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == entity_tag) return true;
    if_none_match.remove_prefix(std::min(comma + 1, if_none_match.size()));
  }
  return false;
}

bool IsDashboardPath(std::string_view path) {
  return path == kPathWithSlash || FindPageFile(path) != nullptr;
}

Response DashboardResponse(std::string_view path, std::optional<std::string_view> if_none_match) {
  Response response;
  AddSafetyFields(response.fields);
  const PageFile* const file = FindPageFile(path);
  if (file == nullptr) {
    response.status = 308;
    // Relative, for whoever serves the gateway under a path of their own.
    AddField(response.fields, "location", "../dashboard");
    return response;
  }
  // Asked again each time, answered with 304 while it is the same: a page never meets scripts of another
  // version.
  AddField(response.fields, "cache-control", "no-cache");
  AddField(response.fields, "etag", file->entity_tag);
  if (if_none_match && NamesEntityTag(*if_none_match, file->entity_tag)) {
    response.status = 304;
    return response;
  }
  AddField(response.fields, "content-type", file->content_type);
  response.body = file->body;
  return response;
}

}  // namespace arbstr::proxy
