// The dashboard's files, embedded when the program is built.
#ifndef ARBSTR_PROXY_DASHBOARD_PAGE_FILES_H_
#define ARBSTR_PROXY_DASHBOARD_PAGE_FILES_H_

#include <span>
#include <string_view>

namespace arbstr::proxy {

struct PageFile {
  std::string_view path;  // of the URL: "/dashboard" for the page, "/dashboard/NAME" for what it loads
  std::string_view content_type;
  std::string_view entity_tag;  // strong, quotes included: another one for other bytes
  std::string_view body;
};

std::span<const PageFile> PageFiles();

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_DASHBOARD_PAGE_FILES_H_
