import { readConfig } from '../../../src/config/config';
import { promotionPage } from '../../../src/program/composition/promotion-pages';

const id = 'promotion/apps/shop/staging/1.4.0/3f2a';
const dashboardUrl = 'https://windlass.example.com';
const temporalUiUrl = 'https://temporal.example.com';

it("is the dashboard's page where its address is known", () => {
  expect(promotionPage({ dashboardUrl, temporalUiUrl }, 'default', id)).toEqual({
    site: 'dashboard',
    url: 'https://windlass.example.com/promotions/promotion%2Fapps%2Fshop%2Fstaging%2F1.4.0%2F3f2a',
  });
});

it("is Temporal's page otherwise", () => {
  expect(promotionPage({ dashboardUrl: undefined, temporalUiUrl }, 'ns 1', id)).toEqual({
    site: 'Temporal Web UI',
    url: 'https://temporal.example.com/namespaces/ns%201/workflows/promotion%2Fapps%2Fshop%2Fstaging%2F1.4.0%2F3f2a',
  });
});

it('is absent where neither address is known', () => {
  expect(promotionPage({ dashboardUrl: undefined, temporalUiUrl: undefined }, 'default', id)).toBeUndefined();
});

it('has no slash twice, however the setting is written', () => {
  const config = readConfig({ pipelinesDir: __dirname, dashboardUrl: `${dashboardUrl}/` }, {});
  expect(promotionPage(config, 'default', 'p')?.url).toBe(`${dashboardUrl}/promotions/p`);
});
