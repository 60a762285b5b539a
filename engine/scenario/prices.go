package scenario

import (
	"strconv"

	"esmlab/engine/cost"
	"esmlab/engine/template"
)

// prices reads what the account pays, where it differs from engine/cost's prices.
func (r *reader) prices(v *template.Value) {
	names := []string{"Region"}
	for _, p := range cost.Prices() {
		names = append(names, p.Name)
	}
	for _, f := range r.entries(v, "prices", "LambdaRequests: 0.2") {
		if f.Name == "Region" {
			r.cfg.PricesOf = f.Text
			continue
		}
		if _, ok := cost.Find(r.cfg, f.Name); !ok {
			r.Add(f.Key, "", f.Name+" is not a price", template.OneOf(f.Name, names))
			continue
		}
		usd, err := strconv.ParseFloat(f.Text, 64)
		if err != nil || !(usd >= 0 && usd <= 1e6) {
			r.Add(f.Node, "", f.Name+" is a price in US dollars, not "+f.String(), "0 or more")
			continue
		}
		if r.cfg.Prices == nil {
			r.cfg.Prices = map[string]float64{}
		}
		r.cfg.Prices[f.Name] = usd
	}
}
