#include "proxy/server/logged_failure.h"

#include <spdlog/spdlog.h>

#include <exception>
#include <utility>

namespace arbstr::proxy {

Spawned::OnEnd LoggedFailure(std::string what) {
  return [what = std::move(what)](std::exception_ptr failure) {
    if (!failure) return;
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      spdlog::error("{} ended with an exception: {}", what, error.what());
    }
  };
}

}  // namespace arbstr::proxy
