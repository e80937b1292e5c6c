// The mock on its io_context's thread: its providers' listeners, what they share, and the scenario they
// follow.
#ifndef ARBSTR_MOCK_PROVIDER_SERVER_H_
#define ARBSTR_MOCK_PROVIDER_SERVER_H_

#include <absl/status/statusor.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mock_provider/admin/admin_listener.h"
#include "mock_provider/admin/admin_target.h"
#include "mock_provider/http/certificate_authority.h"
#include "mock_provider/http/provider_url.h"
#include "mock_provider/journal/metrics.h"
#include "mock_provider/provider_host.h"
#include "mock_provider/provider_listener.h"
#include "mock_provider/scenario/scenario.h"

namespace mock_provider {

// All members but journal() are for the io_context's thread alone, or for while it does not run.
class Server : public AdminTarget {
 public:
  explicit Server(boost::asio::io_context& io);

  // Opens the admin API's port.
  absl::Status OpenAdmin(const std::string& listen);
  std::uint16_t admin_port() const { return admin_ ? admin_->port() : 0; }
  std::string AdminUrl() const { return admin_ ? admin_->Url() : ""; }

  // The certificate (PEM) of the authority that signs for providers with a valid one.
  absl::StatusOr<std::string> CaPem();

  // Sets the clock to zero, from where it runs, or stands where it is to begin frozen; a reset does it again.
  void StartClock(bool frozen);

  // Closes every port and connection; the io_context then runs out of work.
  void Stop();

  // AdminTarget. A provider of the new scenario that has the name and address of an old one keeps its port.
  absl::Status Apply(Scenario scenario) override;
  Scenario CurrentScenario() const override;
  absl::StatusOr<std::string> AddRule(Rule rule, const std::string& provider) override;
  absl::Status RemoveRule(const std::string& name, const std::string& provider) override;
  void Reset() override;
  ScenarioClock& clock() override { return state_.clock; }
  Journal& journal() override { return state_.journal; }
  const Metrics& metrics() const override { return state_.metrics; }
  std::vector<ProviderUrl> Urls() const override;

 private:
  using Listener = std::shared_ptr<ProviderListener>;

  // What the providers of a scenario need but for their ports, in its order.
  struct Prepared {
    std::vector<std::shared_ptr<const UpstreamTarget>> upstreams;
    std::vector<std::shared_ptr<boost::asio::ssl::context>> contexts;
  };
  // Of a scenario in its order; those among them that were opened for it; those of the old one that it
  // leaves.
  struct Listeners {
    std::vector<Listener> all, opened, left;
  };

  absl::StatusOr<Prepared> Prepare(const Scenario& scenario);
  absl::Status OpenListeners(const Scenario& scenario, Listeners& listeners);
  // Gives the listeners that are open their providers.
  void Install(Scenario scenario, Prepared prepared);

  std::vector<Listener>::const_iterator Reusable(const Provider& provider,
                                                 const std::vector<Listener>& from) const;

  absl::StatusOr<std::shared_ptr<boost::asio::ssl::context>> ContextFor(const Provider& provider);

  boost::asio::io_context& io_;
  MockState state_;
  std::uint64_t seed_ = 0;
  bool starts_frozen_ = false;
  std::vector<Listener> listeners_;
  std::optional<CertificateAuthority> authority_;  // made when it is first needed
  std::shared_ptr<AdminListener> admin_;
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SERVER_H_
