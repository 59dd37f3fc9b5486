/* No-flux projection of a staggered field on a box by whole-array FFTW r2r transforms, two or three dimensions, x
   fastest, cells of size 1, OpenMP: component k has one more value than cells along axis k.

   noflux THREADS NX NY [NZ]: plans, says "ready SECONDS", then does one projection for each line of input and prints
   its seconds; at the end of input prints the energies and the largest divergence left. */
#include <fftw3.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

static int n[3] = {1, 1, 1}, d;

static size_t faces(int k) {
    size_t count = 1;
    for (int a = 0; a < d; a++) count *= n[a] + (a == k);
    return count;
}

int main(int argc, char **argv) {
    int threads = atoi(argv[1]);
    d = argc - 2;
    for (int a = 0; a < d; a++) n[a] = atoi(argv[2 + a]);
    int nx = n[0], ny = n[1], nz = n[2];
    size_t cells = (size_t)nx * ny * nz;
    omp_set_num_threads(threads);
    double *v[3] = {0}, *g[3] = {0}, *s[3] = {0}, *phi = fftw_malloc(cells * sizeof(double)), *eigenvalues[3];
    for (int k = 0; k < d; k++) {
        v[k] = fftw_malloc(faces(k) * sizeof(double));
        g[k] = fftw_malloc(faces(k) * sizeof(double));
        s[k] = fftw_malloc(faces(k) * sizeof(double));
    }
    for (int a = 0; a < 3; a++) {
        eigenvalues[a] = malloc(n[a] * sizeof(double));
        for (int i = 0; i < n[a]; i++) eigenvalues[a][i] = 2 - 2 * cos(M_PI * i / n[a]);
    }

    double start = omp_get_wtime();
    fftw_init_threads();
    fftw_plan_with_nthreads(threads);
    int rank[3];
    fftw_r2r_kind forward[3] = {FFTW_REDFT10, FFTW_REDFT10, FFTW_REDFT10};
    fftw_r2r_kind back[3] = {FFTW_REDFT01, FFTW_REDFT01, FFTW_REDFT01};
    for (int a = 0; a < d; a++) rank[a] = n[d - 1 - a];
    fftw_plan to = fftw_plan_r2r(d, rank, phi, phi, forward, FFTW_MEASURE);
    fftw_plan from = fftw_plan_r2r(d, rank, phi, phi, back, FFTW_MEASURE);
    double planning = omp_get_wtime() - start;

    unsigned long state = 12345;
    for (int k = 0; k < d; k++)
        for (size_t i = 0; i < faces(k); i++) {
            state = state * 6364136223846793005UL + 1442695040888963407UL;
            v[k][i] = (double)(state >> 11) / 9007199254740992.0 - 0.5;
            g[k][i] = s[k][i] = 0;
        }
    printf("ready %g\n", planning);
    fflush(stdout);
    size_t ux = nx + 1, vy = ny + 1;

    for (int ch; (ch = getchar()) != EOF;) {
        if (ch != '\n') continue;
        start = omp_get_wtime();
#pragma omp parallel for collapse(2)
        for (int z = 0; z < nz; z++)
            for (int y = 0; y < ny; y++) {
                double *out = phi + ((size_t)z * ny + y) * nx;
                double *u = v[0] + ((size_t)z * ny + y) * ux;
                double *low = v[1] + ((size_t)z * vy + y) * nx, *up = low + nx;
                for (int x = 0; x < nx; x++) {
                    double right = x + 1 < nx ? u[x + 1] : 0, left = x > 0 ? u[x] : 0;
                    out[x] = left - right + (y > 0 ? low[x] : 0) - (y + 1 < ny ? up[x] : 0);
                }
                if (d == 3) {
                    double *below = v[2] + ((size_t)z * ny + y) * nx, *above = below + (size_t)nx * ny;
                    for (int x = 0; x < nx; x++) out[x] += (z > 0 ? below[x] : 0) - (z + 1 < nz ? above[x] : 0);
                }
            }
        fftw_execute(to);
        double norm = 1;
        for (int a = 0; a < d; a++) norm /= 2.0 * n[a];
#pragma omp parallel for collapse(2)
        for (int z = 0; z < nz; z++)
            for (int y = 0; y < ny; y++) {
                double *row = phi + ((size_t)z * ny + y) * nx, rest = eigenvalues[1][y] + (d == 3 ? eigenvalues[2][z] : 0);
                for (int x = 0; x < nx; x++) {
                    double total = eigenvalues[0][x] + rest;
                    row[x] = total > 0 ? row[x] * norm / total : 0;
                }
            }
        fftw_execute(from);
#pragma omp parallel for collapse(2)
        for (int z = 0; z < nz; z++)
            for (int y = 0; y < ny; y++) {
                double *p = phi + ((size_t)z * ny + y) * nx;
                size_t at = ((size_t)z * ny + y) * ux;
                for (int x = 0; x <= nx; x++) {
                    int wall = x == 0 || x == nx;
                    g[0][at + x] = wall ? v[0][at + x] : p[x] - p[x - 1];
                    s[0][at + x] = v[0][at + x] - g[0][at + x];
                }
                for (int f = y; f <= (y + 1 == ny ? ny : y); f++) {
                    at = ((size_t)z * vy + f) * nx;
                    int wall = f == 0 || f == ny;
                    for (int x = 0; x < nx; x++) {
                        g[1][at + x] = wall ? v[1][at + x] : p[x] - p[x - nx];
                        s[1][at + x] = v[1][at + x] - g[1][at + x];
                    }
                }
                for (int f = z; d == 3 && f <= (z + 1 == nz ? nz : z); f++) {
                    at = ((size_t)f * ny + y) * nx;
                    int wall = f == 0 || f == nz;
                    for (int x = 0; x < nx; x++) {
                        g[2][at + x] = wall ? v[2][at + x] : p[x] - p[x - (ptrdiff_t)nx * ny];
                        s[2][at + x] = v[2][at + x] - g[2][at + x];
                    }
                }
            }
        printf("%.6f\n", omp_get_wtime() - start);
        fflush(stdout);
    }
    double gg = 0, ss = 0, worst = 0;
    for (int k = 0; k < d; k++)
        for (size_t i = 0; i < faces(k); i++) gg += g[k][i] * g[k][i], ss += s[k][i] * s[k][i];
    for (int z = 0; z < nz; z++)
        for (int y = 0; y < ny; y++)
            for (int x = 0; x < nx; x++) {
                size_t a = ((size_t)z * ny + y) * ux + x, b = ((size_t)z * vy + y) * nx + x;
                double left = s[0][a + 1] - s[0][a] + s[1][b + nx] - s[1][b];
                if (d == 3) {
                    size_t c = ((size_t)z * ny + y) * nx + x;
                    left += s[2][c + (size_t)nx * ny] - s[2][c];
                }
                worst = fmax(worst, fabs(left));
            }
    printf("gradient %.6f solenoidal %.6f divergence %.1e\n", gg / cells, ss / cells, worst);
    return 0;
}
